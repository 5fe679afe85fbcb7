-- Part of other scripts. Counts a call among others and takes its places, all or none, from JSON:
--   n now (ms), t lease (ms), m member ('' = only look), c caps {key, limit}, k trunks {key, calls, rate key, calls a second},
--   r readings {kind, key, ...}
-- Answers { taken 0|1, { running... }, { room 0|1... }, { value... } }
local function still_there(key, now)
  redis.call('ZREMRANGEBYSCORE', key, '-inf', now)
  return redis.call('ZCARD', key)
end

local function put(key, score, member, span)
  redis.call('ZADD', key, score, member)
  redis.call('PEXPIRE', key, span)
end

local function reading_of(r, a)
  local kind, key, look = r[1], r[2], a.m == ''
  if kind == 'kept' then return tonumber(redis.call('GET', key) or '0') end
  if kind == 'running' then
    local n = still_there(key, a.n)
    if not look then put(key, a.n + a.t, a.m, a.t * 2) end
    return n + 1
  elseif kind == 'attempts' then
    local n = still_there(key, a.n - r[3])
    if not look then put(key, a.n, a.m, r[3]) end
    return n + 1
  elseif kind == 'in-a-row' then
    local stored, count = redis.call('GET', key), 1
    if stored then
      local n, text = string.match(stored, '^(%d+) (.*)$')
      if text == r[4] then count = tonumber(n) + 1 end
    end
    if not look then redis.call('SET', key, count .. ' ' .. r[4], 'PX', r[3]) end
    return count
  else
    local known = redis.call('ZSCORE', key, r[4])
    local n = redis.call('ZCOUNT', key, '(' .. string.format('%.0f', a.n - r[3]), '+inf')
    if known then
      if tonumber(known) > a.n - r[3] then return n end
      return 0
    end
    if not look then redis.call('ZADD', key, a.n, r[4]) end
    return n + 1
  end
end

local function count_call(text)
  local a = cjson.decode(text)
  local running, room, values, full, chosen = {}, {}, {}, false, nil
  for i, c in ipairs(a.c) do
    running[i] = still_there(c[1], a.n)
    if running[i] >= c[2] then full = true end
  end
  for i, k in ipairs(a.k) do
    local fits = (k[2] == 0 or still_there(k[1], a.n) < k[2]) and (k[4] == 0 or still_there(k[3], a.n - 1000) < k[4])
    room[i] = fits and 1 or 0
    if fits and not chosen then chosen = k end
  end
  if #a.k > 0 and not chosen then full = true end
  for i, r in ipairs(a.r) do values[i] = reading_of(r, a) end
  local takes = not full and a.m ~= ''
  if takes then
    for _, c in ipairs(a.c) do put(c[1], a.n + a.t, a.m, a.t * 2) end
    if chosen then
      if chosen[2] > 0 then put(chosen[1], a.n + a.t, a.m, a.t * 2) end
      if chosen[4] > 0 then put(chosen[3], a.n, a.m, 2000) end
    end
  end
  return { takes and 1 or 0, running, room, values }
end
