-- Reads limits. KEYS: a hash and a set for each. Returns {now, used, time until it opens, ..}.
local found = {now}
for i = 1, #KEYS / 2 do
  local r = load(KEYS[2 * i - 1], KEYS[2 * i])
  found[2 * i] = r.used + r.others
  found[2 * i + 1] = math.max(r.closed, r.recover, now) - now
end
return found
