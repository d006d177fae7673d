-- Sends the requests of a file in turn, and reports wrk's figures as one line of JSON (latencies in microseconds).
local requests = {}
local at = 0

init = function(args)
  local file = assert(io.open(args[1], 'rb'))
  local text = file:read('*a')
  file:close()
  -- Every request ends with the empty line after its headers.
  for request in text:gmatch('(.-\r\n\r\n)') do
    requests[#requests + 1] = request
  end
  assert(#requests > 0, 'there are no requests in ' .. args[1])
end

request = function()
  at = at % #requests + 1
  return requests[at]
end

done = function(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\n{"requests":%d,"microseconds":%d,"p50":%.1f,"p99":%.1f,"connect":%d,"read":%d,"write":%d,"status":%d,"timeout":%d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    errors.connect, errors.read, errors.write, errors.status, errors.timeout))
end
