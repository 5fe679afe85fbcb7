-- Gives back the places of a node's calls.   KEYS sets of places   ARGV 1 now (ms), 2 how the node's members begin ('' = all members)
-- Leases end later than now; sets of instants and texts that are no places are left alone.   Answers how many places there were.
local gone = 0
for _, key in ipairs(KEYS) do
  if redis.call('TYPE', key).ok == 'zset' then
    for _, member in ipairs(redis.call('ZRANGEBYSCORE', key, '(' .. ARGV[1], '+inf')) do
      if string.sub(member, 1, #ARGV[2]) == ARGV[2] then gone = gone + redis.call('ZREM', key, member) end
    end
  end
end
return gone
