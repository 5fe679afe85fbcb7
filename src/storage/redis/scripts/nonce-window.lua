-- Part of other scripts. RFC 7616 §3.4.5 (nc): a count may be used once; counts may arrive out of order within 64 of the highest.
-- Stored: "highest high low", the two halves of a 64-bit window whose lowest bit is the highest count.
-- Count 0 (a client without qop cannot count): the nonce serves one request.
local function nonce_replayed(key, count, ttl)
  local stored = redis.call('GET', key)
  if count == 0 then
    if stored then return true end
    redis.call('SET', key, '0 0 0', 'PX', ttl)
    return false
  end
  local highest, high, low = 0, 0, 0
  if stored then
    local a, b, c = string.match(stored, '^(%d+) (%-?%d+) (%-?%d+)$')
    highest, high, low = tonumber(a), tonumber(b), tonumber(c)
  end
  local ahead = count - highest
  if ahead > 0 then
    if ahead >= 64 then
      high, low = 0, 0
    elseif ahead >= 32 then
      high, low = bit.lshift(low, ahead - 32), 0
    else
      high = bit.bor(bit.lshift(high, ahead), bit.rshift(low, 32 - ahead))
      low = bit.lshift(low, ahead)
    end
    highest, low = count, bit.bor(low, 1)
  elseif ahead <= -64 then
    return true
  elseif ahead <= -32 then
    local mark = bit.lshift(1, -ahead - 32)
    if bit.band(high, mark) ~= 0 then return true end
    high = bit.bor(high, mark)
  else
    local mark = bit.lshift(1, -ahead)
    if bit.band(low, mark) ~= 0 then return true end
    low = bit.bor(low, mark)
  end
  redis.call('SET', key, string.format('%.0f %d %d', highest, high, low), 'PX', ttl)
  return false
end
