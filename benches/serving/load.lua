-- What wrk sends, and what it tells when it is done: one line of JSON on standard error.

local body = os.getenv("SERVING_BODY")

if body then
    wrk.method = "POST"
    wrk.body = body
    wrk.headers["content-type"] = "application/json"
end

-- Times are in microseconds.
function done(summary, latency)
    local errors = summary.errors
    io.stderr:write(string.format(
        '{"requests": %d, "microseconds": %d, "p50": %d, "p99": %d, "max": %d, "refused": %d, "broken": %d}\n',
        summary.requests, summary.duration,
        latency:percentile(50), latency:percentile(99), latency.max,
        errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
