-- Part of other scripts. A binding is stored as one JSON array whose first members are read here without a JSON parser:
-- [expiresAt,cseq,registeredAt,"instance","account","call-id",...]   (written by binding-record.ts)
-- Returns the first five and the position where the call-id (with its quotes) begins.
local function record_facts(value)
  return string.match(value, '^%[(%d+),(%d+),(%d+),"(%x*)","([^"]*)",()')
end
