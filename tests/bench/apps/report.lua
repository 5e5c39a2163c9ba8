-- What wrk has counted, as one line of JSON; times in microseconds.
function done(summary, latency, requests)
  local bad = summary.errors
  io.write(string.format('REPORT {"requests": %d, "duration": %d, "p50": %d, "p99": %d, "status": %d, "socket": %d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), bad.status,
    bad.connect + bad.read + bad.write + bad.timeout))
end
