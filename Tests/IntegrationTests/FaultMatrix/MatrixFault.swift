/// Something that goes wrong with a call.
struct MatrixFault {
    /// Its name in the tables.
    let name: String
    /// The simulator's spelling of it, without the path and how often.
    let spelling: String
    /// How often it strikes, where it may make a difference: once, or always.
    var strikes = [false, true]
    /// Whether the run must not wait long for answers.
    var isSlow = false
    /// Whether it differs from another fault only if the call changes something.
    var isForMutations = false
    /// Whether it strikes lists of pages alone.
    var isForLists = false
    /// Whether the call may have had its effect, so that it has to be looked up before it is sent again.
    var isUncertain = false
    /// How far it reaches beyond the group: the session, or the run.
    var reach = Reach.group
    /// Whether such a call is never sent again.
    var isFinal = false

    /// What a failure may take along.
    enum Reach { case group, session, run }

    /// All of them but the lies, which differ from call to call.
    static let all: [MatrixFault] =
        refusals + [
            MatrixFault(name: "an answer within the time allowed", spelling: "delay: 300", strikes: [true]),
            MatrixFault(
                name: "an answer beyond the time allowed", spelling: "delay: 9000", strikes: [false], isSlow: true,
                isUncertain: true),
            MatrixFault(
                name: "an answer byte by byte, beyond the time allowed", spelling: "drip: 300", strikes: [false],
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
                name: "a small gzip that unpacks to 100 MiB", spelling: "gzip_bomb: 100", strikes: [true],
                isUncertain: true),
            MatrixFault(
                name: "a redirect", spelling: #"redirect: "https://elsewhere.example/""#, strikes: [true],
                isFinal: true),
            MatrixFault(
                name: "empty pages without end", spelling: "endless: empty", strikes: [true], isForLists: true),
            MatrixFault(
                name: "the same page without end", spelling: "endless: repeated", strikes: [true], isForLists: true),
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
