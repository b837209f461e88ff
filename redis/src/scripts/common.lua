-- The parts that all scripts share. The time is that of the server.
--
-- A limit is a hash and a sorted set. The hash has its counts, and the weight of each place
-- (`p:MEMBER`). The set has the time at which each place ends. A place in flight is a member with
-- the id of its reservation. Places that have ended are merged into at most 1024 members per window
-- (`e` and their time), so that a limit of a day needs little memory.
local clock = redis.call('TIME')
local now = tonumber(clock[1]) * 1000 + math.floor(tonumber(clock[2]) / 1000)

local function whole(number)
  return string.format('%.0f', number)
end

-- Removes the places that have ended, and returns the counts.
local function load(hash, ends)
  local fields = redis.call('HMGET', hash, 'used', 'others', 'others_until', 'others_at', 'closed', 'recover',
    'cap', 'cap_at', 'run', 'epoch', 'till')
  local r = {
    used = tonumber(fields[1]) or 0, others = tonumber(fields[2]) or 0, others_until = tonumber(fields[3]) or 0,
    others_at = tonumber(fields[4]) or 0, closed = tonumber(fields[5]) or 0, recover = tonumber(fields[6]) or 0,
    cap = tonumber(fields[7]), cap_at = tonumber(fields[8]) or 0, run = fields[9],
    epoch = tonumber(fields[10]) or 0, till = tonumber(fields[11]) or 0
  }
  local ended = redis.call('ZRANGEBYSCORE', ends, '-inf', now, 'LIMIT', 0, 1000)
  while #ended > 0 do
    local names = {}
    for i, member in ipairs(ended) do names[i] = 'p:' .. member end
    local weights = redis.call('HMGET', hash, unpack(names))
    for _, weight in ipairs(weights) do r.used = r.used - (tonumber(weight) or 0) end
    redis.call('HDEL', hash, unpack(names))
    redis.call('ZREM', ends, unpack(ended))
    r.used = math.max(r.used, 0)
    redis.call('HSET', hash, 'used', whole(r.used))
    ended = redis.call('ZRANGEBYSCORE', ends, '-inf', now, 'LIMIT', 0, 1000)
  end
  if r.others_until <= now then r.others = 0 end
  return r
end

-- Keeps the limit until its last place has ended, and a minute more, so that a process can tell a
-- limit that was forgotten from one that is not used.
local function keep(hash, ends, r, till)
  if till > r.till then
    r.till = till
    redis.call('HSET', hash, 'till', whole(till))
  end
  local left = whole(math.max(r.till - now, 0) + 60000)
  redis.call('PEXPIRE', hash, left)
  redis.call('PEXPIRE', ends, left)
end
