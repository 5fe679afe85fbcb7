-- KEYS 1 nonce window, 2 epoch, then the bindings of each device
-- ARGV 1 nonce count (-1 = no nonce), 2 nonce lifetime ms, 3 what is to be counted ('' = nothing, see call-counts.lua)
-- Answers { replayed 0|1, emptied 0|1, counts or 0, { record... } for each device }; `emptied`: the epoch is not
-- there, looked for where nobody is found or something is counted: a counted place says nothing of what a flush took.
local count = tonumber(ARGV[1])
if count >= 0 and nonce_replayed(KEYS[1], count, ARGV[2]) then return { 1, 0, 0 } end
local answer, found = { 0, 0, 0 }, false
if ARGV[3] ~= '' then answer[3] = count_call(ARGV[3]) end
for i = 3, #KEYS do
  local records = redis.call('HVALS', KEYS[i])
  if #records > 0 then found = true end
  answer[#answer + 1] = records
end
if (not found or ARGV[3] ~= '') and redis.call('EXISTS', KEYS[2]) == 0 then answer[2] = 1 end
return answer
