-- Writes bindings back that a flushed or crashed Redis lost; what is there and not older stays. Publishes nothing: nobody
-- was told that they were gone.
-- KEYS 1 expiries   ARGV 1 now, 2 prefix of devices, 3 prefix of accounts, then account, device, contact key, record, ...
-- Answers how many were written.
local now, written = tonumber(ARGV[1]), 0
for i = 4, #ARGV, 4 do
  local account, device, key, value = ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3]
  local expires_at = tonumber((record_facts(value)))
  local there = redis.call('HGET', ARGV[2] .. device, key)
  if expires_at > now and (not there or tonumber((record_facts(there))) < expires_at) then
    redis.call('HSET', ARGV[2] .. device, key, value)
    redis.call('ZADD', KEYS[1], expires_at, account .. ' ' .. device .. ' ' .. key)
    redis.call('ZADD', ARGV[3] .. account, 0, device .. ' ' .. key)
    written = written + 1
  end
end
return written
