-- Ends bindings of one device from outside.
-- KEYS 1 bindings of the device, 2 expiries
-- ARGV 1 channel, 2 prefix of accounts, 3 device, 4 end, 5 contact key ('' = all), 6 record it must still have ('' = any)
-- Answers how many went.
local stored
if ARGV[5] == '' then
  stored = redis.call('HGETALL', KEYS[1])
else
  stored = { ARGV[5], redis.call('HGET', KEYS[1], ARGV[5]) }
end
local gone = 0
for i = 1, #stored, 2 do
  local key, value = stored[i], stored[i + 1]
  if value and (ARGV[6] == '' or ARGV[6] == value) then
    local _, _, _, _, account = record_facts(value)
    local member = ARGV[3] .. ' ' .. key
    redis.call('HDEL', KEYS[1], key)
    redis.call('ZREM', KEYS[2], account .. ' ' .. member)
    redis.call('ZREM', ARGV[2] .. account, member)
    redis.call('PUBLISH', ARGV[1], 'ended:' .. ARGV[4] .. ' ' .. value)
    gone = gone + 1
  end
end
return gone
