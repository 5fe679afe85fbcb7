-- Renews places of calls.   ARGV 1 end of lease (ms), 2 lifetime of a set (ms), then key, member, ...
for i = 3, #ARGV, 2 do
  redis.call('ZADD', ARGV[i], ARGV[1], ARGV[i + 1])
  redis.call('PEXPIRE', ARGV[i], ARGV[2])
end
return (#ARGV - 2) / 2
