-- wrk's figures as one line of JSON; times in milliseconds.
-- POST (a JSON body): of eight requests two are a POST of it, and two, one of each kind, ask for a
-- connection of their own.

local body = os.getenv("POST") or ""
local threads = 0
local asked = 0
local requests = {}

function setup(thread)
    thread:set("number", threads)
    threads = threads + 1
end

function init()
    math.randomseed(1 + number)
    if body ~= "" then
        local kinds = {"GET", "GET", "POST", "GET", "GET", "GET once", "POST once", "GET"}
        for i, kind in ipairs(kinds) do
            local headers = {["Host"] = wrk.headers["Host"], ["Content-Type"] = "application/json"}
            if kind:find("once") then headers["Connection"] = "close" end
            local method = kind:match("%a+")
            requests[i] = wrk.format(method, nil, headers, method == "POST" and body or nil)
        end
    end
end

if body ~= "" then
    function request()
        asked = asked % #requests + 1
        return requests[asked]
    end
end

function done(summary, latency)
    local errors = summary.errors
    -- From the median on: of several runs together the slowest can be told by these alone.
    local slower = {}
    for permille = 500, 999 do slower[#slower + 1] = string.format("%.3f", latency:percentile(permille / 10) / 1e3) end
    io.write(string.format(
        '{"requests":%d,"seconds":%.3f,"bytes":%d,"connect":%d,"read":%d,"write":%d,"timeout":%d,'
            .. '"status":%d,"mean":%.3f,"p50":%.3f,"p95":%.3f,"p99":%.3f,"max":%.3f,"slower":[%s]}\n',
        summary.requests, summary.duration / 1e6, summary.bytes, errors.connect, errors.read,
        errors.write, errors.timeout, errors.status, latency.mean / 1e3,
        latency:percentile(50) / 1e3, latency:percentile(95) / 1e3,
        latency:percentile(99) / 1e3, latency.max / 1e3, table.concat(slower, ",")))
end
