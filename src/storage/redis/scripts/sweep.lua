-- Removes bindings that have expired. Two sweepers cannot both see one: the script is atomic.
-- KEYS 1 expiries   ARGV 1 now, 2 most members, 3 channel, 4 prefix of devices, 5 prefix of accounts
-- Answers { members looked at, bindings ended }
local members = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, ARGV[2])
local now, gone = tonumber(ARGV[1]), 0
for _, member in ipairs(members) do
  local account, device, key = string.match(member, '^(%S+) (%S+) (.*)$')
  local value = redis.call('HGET', ARGV[4] .. device, key)
  local expires_at = value and tonumber((record_facts(value)))
  if expires_at and expires_at > now then
    redis.call('ZADD', KEYS[1], expires_at, member)
  else
    redis.call('ZREM', KEYS[1], member)
    redis.call('ZREM', ARGV[5] .. account, device .. ' ' .. key)
    if value then
      redis.call('HDEL', ARGV[4] .. device, key)
      redis.call('PUBLISH', ARGV[3], 'ended:expired ' .. value)
      gone = gone + 1
    end
  end
end
return { #members, gone }
