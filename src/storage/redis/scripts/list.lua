-- One page of an account's bindings in the order of the index.
-- KEYS 1 index of the account   ARGV 1 lower end of the range, 2 most members, 3 prefix of devices
-- Answers { member, record, member, record... }; members without a record leave the index.
local answer = {}
for _, member in ipairs(redis.call('ZRANGEBYLEX', KEYS[1], ARGV[1], '+', 'LIMIT', 0, ARGV[2])) do
  local device, key = string.match(member, '^(%S+) (.*)$')
  local value = redis.call('HGET', ARGV[3] .. device, key)
  if not value then redis.call('ZREM', KEYS[1], member) end
  answer[#answer + 1] = member
  answer[#answer + 1] = value or ''
end
return answer
