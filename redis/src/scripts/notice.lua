-- Applies a notice.
--
-- KEYS: a hash and a set for each limit, or the key of the turn. ARGV: the kind of the notice, and
-- its values. Returns the time.
local kind = ARGV[1]
if kind == 'ended' or kind == 'back' then
  -- ARGV: kind, grace; then for each place: id, weight, window.
  local grace = tonumber(ARGV[2])
  for i = 1, #KEYS / 2 do
    local hash, ends = KEYS[2 * i - 1], KEYS[2 * i]
    local id, weight, window = ARGV[3 * i], tonumber(ARGV[3 * i + 1]), tonumber(ARGV[3 * i + 2])
    local r = load(hash, ends)
    local held = tonumber(redis.call('HGET', hash, 'p:' .. id))
    if held then
      local taken = math.min(weight, held)
      if held > taken then
        redis.call('HSET', hash, 'p:' .. id, whole(held - taken))
      else
        redis.call('HDEL', hash, 'p:' .. id)
        redis.call('ZREM', ends, id)
      end
      if kind == 'ended' then
        local part = math.max(math.floor(window / 1024), 1)
        -- `now` is cut to a millisecond.
        local till = whole(math.ceil((now + 1 + grace + window) / part) * part)
        redis.call('HINCRBY', hash, 'p:e' .. till, whole(taken))
        redis.call('ZADD', ends, till, 'e' .. till)
        keep(hash, ends, r, tonumber(till))
      else
        redis.call('HSET', hash, 'used', whole(math.max(r.used - taken, 0)))
      end
    end
  end
elseif kind == 'turn' then
  -- ARGV: kind, id.
  if redis.call('HGET', KEYS[1], 'holder') == ARGV[2] then
    redis.call('HSET', KEYS[1], 'holder', '', 'till', '0')
  end
elseif kind == 'stated' then
  -- ARGV: kind, used, sent at, lasts.
  local r = load(KEYS[1], KEYS[2])
  local weight = math.max(tonumber(ARGV[2]) - r.used, 0)
  if weight >= r.others or tonumber(ARGV[3]) >= r.others_at then
    local till = now + tonumber(ARGV[4])
    redis.call('HSET', KEYS[1], 'others', whole(weight), 'others_until', whole(till), 'others_at', whole(now))
    keep(KEYS[1], KEYS[2], r, till)
  end
elseif kind == 'closed' then
  -- ARGV: kind, wait.
  local r = load(KEYS[1], KEYS[2])
  local till = now + tonumber(ARGV[2])
  if till > r.closed then
    redis.call('HSET', KEYS[1], 'closed', whole(till))
    keep(KEYS[1], KEYS[2], r, till)
  end
elseif kind == 'reopened' then
  for i = 1, #KEYS / 2 do
    redis.call('HDEL', KEYS[2 * i - 1], 'closed', 'recover', 'others', 'others_until', 'others_at')
  end
else
  return redis.error_reply('unknown notice')
end
return now
