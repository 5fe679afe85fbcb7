-- One REGISTER, all or nothing (RFC 3261 §10.3 steps 6 to 8).
-- KEYS 1 nonce window, 2 bindings of the device, 3 expiries, 4 index of the account
-- ARGV 1 now, 2 nonce lifetime ms, 3 nonce count, 4 query|remove-all|contacts, 5 call-id as JSON text, 6 cseq, 7 most contacts,
--      8 channel, 9 account, 10 device, then for each contact: key, expires at (0 = remove), instance, rest of the record
-- Answers { kind } or { 'registered', record... } with every live binding.
local now, cseq, most = tonumber(ARGV[1]), tonumber(ARGV[6]), tonumber(ARGV[7])

-- The count is spent even if the request is then refused: a refusal must not be replayable into a grant.
if nonce_replayed(KEYS[1], tonumber(ARGV[3]), ARGV[2]) then return { 'nonce-replayed' } end

local stored = redis.call('HGETALL', KEYS[2])
local live, count, ended = {}, 0, nil
for i = 1, #stored, 2 do
  local value = stored[i + 1]
  local expires_at, old_cseq, registered_at, instance, _, at = record_facts(value)
  if tonumber(expires_at) <= now then
    ended = ended or {}
    ended[#ended + 1] = { stored[i], value, 'expired' }
  else
    live[stored[i]] = { value, tonumber(old_cseq), registered_at, instance, at }
    count = count + 1
  end
end

-- RFC 3261 §10.3 step 7: the same Call-ID with a CSeq that is not higher is an old request; another Call-ID always counts.
local call_id = ARGV[5] .. ','
local function is_late(old)
  return cseq <= old[2] and string.sub(old[1], old[5], old[5] + #call_id - 1) == call_id
end

local changed = nil
if ARGV[4] == 'remove-all' then
  -- RFC 3261 §10.3 step 6: the wildcard, too, is refused as a whole if one binding has a newer request.
  for _, old in pairs(live) do
    if is_late(old) then return { 'out-of-order' } end
  end
  ended = ended or {}
  for key, old in pairs(live) do ended[#ended + 1] = { key, old[1], 'unregistered' } end
  live = {}
elseif ARGV[4] == 'contacts' then
  local named, added = {}, false
  for i = 11, #ARGV, 4 do
    local old = live[ARGV[i]]
    if old and is_late(old) then return { 'out-of-order' } end
    named[ARGV[i]] = true
  end
  changed = {}
  for i = 11, #ARGV, 4 do
    local key, expires_at, instance = ARGV[i], ARGV[i + 1], ARGV[i + 2]
    local old = live[key]
    if expires_at == '0' then
      if old then
        ended = ended or {}
        ended[#ended + 1] = { key, old[1], 'unregistered' }
        live[key], count = nil, count - 1
      end
    else
      if not old then
        added, count = true, count + 1
        if instance ~= '' then
          for other, twin in pairs(live) do
            if twin[4] == instance and not named[other] then
              ended = ended or {}
              ended[#ended + 1] = { other, twin[1], 'replaced' }
              live[other], count = nil, count - 1
            end
          end
        end
      end
      local value = '[' .. expires_at .. ',' .. ARGV[6] .. ',' .. (old and old[3] or ARGV[1]) .. ',' .. ARGV[i + 3]
      changed[#changed + 1] = { key, value, expires_at, not old }
    end
  end
  if added and count > most then return { 'too-many-contacts' } end
end

local account, device, channel = ARGV[9], ARGV[10], ARGV[8]
if ended then
  for _, one in ipairs(ended) do
    local member = device .. ' ' .. one[1]
    redis.call('HDEL', KEYS[2], one[1])
    redis.call('ZREM', KEYS[3], account .. ' ' .. member)
    redis.call('ZREM', KEYS[4], member)
    redis.call('PUBLISH', channel, 'ended:' .. one[3] .. ' ' .. one[2])
  end
end
local answer = { 'registered' }
if changed then
  for _, one in ipairs(changed) do
    local member = device .. ' ' .. one[1]
    redis.call('HSET', KEYS[2], one[1], one[2])
    redis.call('ZADD', KEYS[3], one[3], account .. ' ' .. member)
    if one[4] then redis.call('ZADD', KEYS[4], 0, member) end
    redis.call('PUBLISH', channel, (one[4] and 'added ' or 'refreshed ') .. one[2])
    live[one[1]] = nil
    answer[#answer + 1] = one[2]
  end
end
for _, old in pairs(live) do answer[#answer + 1] = old[1] end
return answer
