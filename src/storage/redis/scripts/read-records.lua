-- ARGV 1 prefix of devices, then device, contact key, ...   Answers { record or '' ... }
local answer = {}
for i = 2, #ARGV, 2 do answer[#answer + 1] = redis.call('HGET', ARGV[1] .. ARGV[i], ARGV[i + 1]) or '' end
return answer
