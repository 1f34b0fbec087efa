-- wrk … -s walk_rosters.lua URL -- FILE: requests the paths of a file in turn, and prints the answers a second.
local requests, place = {}, 0

function init(arguments)
    for path in io.lines(arguments[1]) do
        requests[#requests + 1] = wrk.format("GET", path)
    end
end

function request()
    place = place % #requests + 1
    return requests[place]
end

function done(summary, latency, requests)
    local errors = summary.errors
    local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
    io.write(string.format("rate %.1f failed %d\n", summary.requests / summary.duration * 1e6, failed))
end
