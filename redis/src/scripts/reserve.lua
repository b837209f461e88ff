-- Makes a reservation as a whole or not at all.
--
-- KEYS: a hash and a set for each place; the key of nonces and the key of the turn, if wanted.
-- ARGV: id, process, hold, forced, floor of the nonce or '', bound of nonces, turn, longest hold,
--       places; then for each place: weight, capacity, window, known epoch, own use.
-- Returns {1, now, nonce, epoch of each place..} or {0, reason, place, wait}.
local id, process, hold, forced = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4] == '1'
local floor, bound, turn = tonumber(ARGV[5]), tonumber(ARGV[6]), ARGV[7] == '1'
local longest, count = math.max(tonumber(ARGV[8]), tonumber(ARGV[3])), tonumber(ARGV[9])

-- After a restart or a failover, the server may have forgotten places, nonces and turns. It has
-- another run id then. A server that has been up for a while has seen all that is still of effect.
local info = redis.call('INFO', 'server')
local run = string.match(info, 'run_id:(%x+)')
-- Whole seconds, so up to one too many.
local up = math.max(tonumber(string.match(info, 'uptime_in_seconds:(%d+)')) - 1, 0) * 1000

local function later(reason, place, wait)
  return {0, reason, place, math.max(math.ceil(wait), 1)}
end

local limits, refusal = {}, nil
for i = 1, count do
  local hash, ends = KEYS[2 * i - 1], KEYS[2 * i]
  local at = 9 + 5 * (i - 1)
  local weight, cap, window = tonumber(ARGV[at + 1]), tonumber(ARGV[at + 2]), tonumber(ARGV[at + 3])
  local known, own = tonumber(ARGV[at + 4]), tonumber(ARGV[at + 5])
  local r = load(hash, ends)
  local settle = math.min(window, 60000) + longest
  local recover = 0
  if not r.run then
    r.epoch = now
    redis.call('HSET', hash, 'run', run, 'epoch', whole(now))
    if up < settle then
      recover = now - up + settle
    elseif known ~= 0 and own > 0 then
      -- The limit was removed by hand, or evicted.
      recover = now + settle
    end
  elseif r.run ~= run then
    recover = now + settle
    redis.call('HSET', hash, 'run', run)
  end
  if recover > 0 then
    r.recover = math.max(r.recover, recover)
    redis.call('HSET', hash, 'recover', whole(r.recover))
  end
  if known ~= 0 and known ~= r.epoch and own > 0 and redis.call('HEXISTS', hash, 'p:o' .. process) == 0 then
    -- This process knows places that the server forgot.
    local till = now + hold + window + 1
    redis.call('HSET', hash, 'p:o' .. process, whole(own), 'used', whole(r.used + own))
    redis.call('ZADD', ends, whole(till), 'o' .. process)
    r.used = r.used + own
    keep(hash, ends, r, till)
  end
  -- If processes disagree about the capacity, the smallest one of the last ten minutes holds.
  if not r.cap or cap <= r.cap or now - r.cap_at > 600000 then
    r.cap, r.cap_at = cap, now
    redis.call('HSET', hash, 'cap', whole(cap), 'cap_at', whole(now))
  end
  keep(hash, ends, r, math.max(r.recover, r.closed))
  weight = math.min(weight, r.cap)
  limits[i] = {hash = hash, ends = ends, r = r, weight = weight, window = window,
    is_known = redis.call('HEXISTS', hash, 'p:' .. id) == 1}
  if not forced and not refusal and not limits[i].is_known then
    local used = r.used + r.others
    if r.recover > now then
      refusal = later('recover', i, r.recover - now)
    elseif r.closed > now then
      refusal = later('closed', i, r.closed - now)
    elseif used + weight > r.cap then
      -- A place in flight ends one window from now at the earliest.
      local missing, wait = used + weight - r.cap, window
      if r.others > 0 and r.others >= missing then wait = math.min(wait, r.others_until - now) end
      local next = redis.call('ZRANGEBYSCORE', ends, '-inf', whole(now + window), 'WITHSCORES', 'LIMIT', 0, 200)
      for n = 1, #next, 2 do
        missing = missing - (tonumber(redis.call('HGET', hash, 'p:' .. next[n])) or 0)
        if missing <= 0 then
          wait = math.min(wait, tonumber(next[n + 1]) - now)
          break
        end
      end
      refusal = later('full', i, wait)
    end
  end
end
if refusal then return refusal end

local nonces = floor and KEYS[2 * count + 1]
local turns = turn and KEYS[2 * count + (floor and 2 or 1)]
if turn then
  local fields = redis.call('HMGET', turns, 'holder', 'till', 'run')
  local till = tonumber(fields[2]) or 0
  if fields[3] ~= run and fields[1] ~= id then
    -- A holder may have been forgotten.
    if fields[3] then till = math.max(till, now + longest) else till = math.max(till, now - up + longest) end
    redis.call('HSET', turns, 'run', run, 'holder', '', 'till', whole(till))
    redis.call('PEXPIRE', turns, whole(math.max(till - now, 0) + 86400000))
  end
  if till > now and fields[1] ~= id then return later('turn', 0, till - now) end
end
local nonce = 0
if floor then
  local fields = redis.call('HMGET', nonces, 'last', 'run')
  local last = tonumber(fields[1]) or 0
  if fields[2] == run then
    nonce = math.max(last + 1, floor + 1, now)
    if nonce >= now + bound then return later('nonce', 0, nonce - now - bound + 1) end
  else
    -- Nonces that were forgotten are below this one.
    nonce = math.max(last + 1, floor + 1, now + bound)
    if nonce > now + bound then return later('nonce', 0, nonce - now - bound) end
  end
  redis.call('HSET', nonces, 'last', whole(nonce), 'run', run)
  redis.call('PEXPIRE', nonces, 86400000 + bound)
end
if turn then
  redis.call('HSET', turns, 'holder', id, 'till', whole(now + hold), 'run', run)
  redis.call('PEXPIRE', turns, whole(hold + 86400000))
end

local granted = {1, now, nonce}
for i, limit in ipairs(limits) do
  if not limit.is_known then
    local till = now + hold + limit.window + 1
    redis.call('HSET', limit.hash, 'p:' .. id, whole(limit.weight), 'used', whole(limit.r.used + limit.weight))
    redis.call('ZADD', limit.ends, whole(till), id)
    keep(limit.hash, limit.ends, limit.r, till)
  end
  granted[3 + i] = limit.r.epoch
end
return granted
