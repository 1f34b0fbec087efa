/// A fault of a call.
struct MatrixFault {
    /// Its name in the tables.
    let name: String
    /// The fault in the simulator's syntax, without path and count.
    let spelling: String
    /// Whether to try it once, always, or both.
    var strikes = [false, true]
    /// True if the run must use a short answer timeout.
    var isSlow = false
    /// True if it differs from another fault only for calls that change something.
    var isForMutations = false
    /// True if it affects only lists with pages.
    var isForLists = false
    /// True if the call may have had its effect, so that it must be checked before it is sent again.
    var isUncertain = false
    /// How far it reaches.
    var reach = Reach.group
    /// True if such a call is never sent again.
    var isFinal = false

    /// How far a failure reaches.
    enum Reach { case group, session, run }

    /// All faults except false field values, which differ from call to call.
    static let all: [MatrixFault] =
        refusals + [
            MatrixFault(name: "an answer within the time allowed", spelling: "delay: 300", strikes: [true]),
            MatrixFault(
                name: "an answer beyond the time allowed", spelling: "delay: 9000", strikes: [false], isSlow: true,
                isUncertain: true),
            MatrixFault(
                name: "a byte-by-byte answer beyond the time allowed", spelling: "drip: 300", strikes: [false],
                isSlow: true, isUncertain: true),
            MatrixFault(
                name: "no answer, no effect", spelling: "hang: before", isSlow: true, isUncertain: true),
            MatrixFault(
                name: "no answer after the effect", spelling: "hang: after", isSlow: true, isForMutations: true,
                isUncertain: true),
            MatrixFault(name: "connection reset, no effect", spelling: "reset: before", isUncertain: true),
            MatrixFault(
                name: "connection reset after the effect", spelling: "reset: after", isForMutations: true,
                isUncertain: true),
            MatrixFault(name: "answer cut short", spelling: "truncate: 20", isUncertain: true),
            MatrixFault(name: "an HTML page", spelling: #"garbage: "<html>busy</html>""#, strikes: [true]),
            MatrixFault(name: "bytes that are not text", spelling: #"garbage_bytes: "5b ff fe 5d""#, strikes: [true]),
            MatrixFault(
                name: "100 MiB from a small gzip", spelling: "gzip_bomb: 100", strikes: [true], isUncertain: true),
            MatrixFault(
                name: "a redirect", spelling: #"redirect: "https://elsewhere.example/""#, strikes: [true],
                isFinal: true),
            MatrixFault(
                name: "endless empty pages", spelling: "endless: empty", strikes: [true], isForLists: true),
            MatrixFault(
                name: "the same page, endlessly", spelling: "endless: repeated", strikes: [true], isForLists: true),
        ]

    private static let refusals = [
        MatrixFault(
            name: "400", spelling: "status: 400, code: validation_error", strikes: [true], isFinal: true),
        MatrixFault(
            name: "401", spelling: "status: 401, code: unauthorized", strikes: [true], reach: .run, isFinal: true),
        MatrixFault(name: "403", spelling: "status: 403, code: forbidden", strikes: [true], isFinal: true),
        MatrixFault(name: "404", spelling: "status: 404, code: not_found", strikes: [true], isFinal: true),
        MatrixFault(
            name: "422", spelling: "status: 422, code: validation_error", strikes: [true], isFinal: true),
        MatrixFault(name: "429", spelling: "status: 429, code: rate_limited", reach: .session),
        MatrixFault(
            name: "429, `Retry-After: 1`", spelling: "status: 429, code: rate_limited, retry_after: 1",
            strikes: [false]),
        MatrixFault(
            name: "429, `Retry-After` as a date",
            spelling: "status: 429, code: rate_limited, retry_after_date: 1", strikes: [false]),
        MatrixFault(
            name: "429, `Retry-After: 60`", spelling: "status: 429, code: rate_limited, retry_after: 60",
            strikes: [true], reach: .session),
        MatrixFault(name: "500", spelling: "status: 500", isUncertain: true),
        MatrixFault(
            name: "500 after the effect", spelling: "status: 500, after_effect: true", isForMutations: true,
            isUncertain: true),
        MatrixFault(
            name: "501", spelling: "status: 501, code: not_implemented", strikes: [true], reach: .session,
            isFinal: true),
        MatrixFault(
            name: "503, `Retry-After: 1`", spelling: "status: 503, code: unavailable, retry_after: 1",
            strikes: [false], isUncertain: true),
    ]
}
