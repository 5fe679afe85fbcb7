-- Appends a batch of call events in order; what this writer appended before (a reply was lost) is skipped.
-- KEYS 1 stream, 2 last sequence of the writer   ARGV 1 most entries, 2 lifetime of the writer's key in s, then sequence, event, ...
-- Answers the last sequence stored.
local last = tonumber(redis.call('GET', KEYS[2]) or '0')
for i = 3, #ARGV, 2 do
  local sequence = tonumber(ARGV[i])
  if sequence > last then
    redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[1], '*', 'event', ARGV[i + 1])
    last = sequence
  end
end
redis.call('SET', KEYS[2], last, 'EX', ARGV[2])
return last
