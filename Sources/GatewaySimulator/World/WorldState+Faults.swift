extension WorldState {
    /// Serves a request as far as a fault allows, and alters the answer; without a fault, serves it unchanged.
    mutating func faulted(_ request: inout ServedRequest, by fault: Fault?) -> SimulatedResponse {
        switch fault {
        case .status(let status, let code, let retryAfter):
            var response = Self.faultyAnswer(status, code: code)
            if let retryAfter { response.headers.append(("retry-after", retryAfter.text(at: request.now))) }
            return response
        case .redirect(let location): return SimulatedResponse(status: 307, headers: [("location", location)])
        case .reset(afterEffect: false):
            // Only the journal shows this status; nobody receives it.
            return SimulatedResponse(status: 0, delivery: .reset)
        case .hang(afterEffect: false): return SimulatedResponse(status: 0, delivery: .never)
        case .endlessPages(let pages): return endlessPage(pages, &request)
        case .statusAfterEffect, .delay, .garbage, .garbageBytes, .gzipBomb, .change, .reset, .hang, .truncate, .drip,
            nil:
            let response = answer(&request)
            return fault.map { Self.altered(response, by: $0) } ?? response
        }
    }

    /// Returns the altered answer to a request that took effect.
    private static func altered(_ answer: SimulatedResponse, by fault: Fault) -> SimulatedResponse {
        var response = answer
        switch fault {
        case .statusAfterEffect(let status, let code): return faultyAnswer(status, code: code)
        case .delay(let milliseconds): response.delayMilliseconds = milliseconds
        case .garbage(let text): response.replaceBody(Array(text.utf8), type: "text/html; charset=utf-8")
        case .garbageBytes(let bytes): response.replaceBody(bytes, type: SimulatedResponse.jsonType)
        case .gzipBomb(let megabytes):
            response.replaceBody(answer.body, type: SimulatedResponse.jsonType)
            response.headers.append(("content-encoding", "gzip"))
            response.delivery = .oversized(megabytes: max(0, megabytes))
        case .change(let changes, let onlyFirst):
            response.body = AnswerPatch(changes, onlyFirst: onlyFirst).applied(to: answer.body)
        case .reset(afterEffect: true): return SimulatedResponse(status: answer.status, delivery: .reset)
        case .hang(afterEffect: true): return SimulatedResponse(status: answer.status, delivery: .never)
        case .truncate(let bytes): response.delivery = answer.body.isEmpty ? .reset : .cut(afterBytes: max(0, bytes))
        case .drip(let milliseconds): response.delivery = .drip(pauseMilliseconds: milliseconds)
        // These are handled before anything is served.
        case .status, .redirect, .endlessPages, .reset(afterEffect: false), .hang(afterEffect: false): break
        }
        return response
    }

    /// Serves a page, and adds a cursor if it would be the last one.
    private mutating func endlessPage(_ pages: EndlessPages, _ request: inout ServedRequest) -> SimulatedResponse {
        if pages == .repeated { request.target.parameters?.removeAll { $0.name == "cursor" } }
        // Ensures that there is a field for the cursor.
        let usualEnd = behaviour.endOfList
        behaviour.endOfList = .null
        var response = answer(&request)
        behaviour.endOfList = usualEnd
        let isLast = response.body.suffix(Self.lastPageEnding.count) == Self.lastPageEnding[...]
        guard isLast || pages == .repeated else { return response }
        let cursor = PageCursor(
            list: request.target.segments?.last ?? "", offset: Self.beyondEveryList + request.sequence)
        response.body = AnswerPatch([AnswerChange("nextCursor", to: "\"\(cursor.text)\"")], onlyFirst: true)
            .applied(to: response.body)
        return response
    }

    private static let lastPageEnding = Array(#""nextCursor":null}"#.utf8)

    /// An offset beyond the end of every list.
    private static let beyondEveryList = 1 << 40

    private static func faultyAnswer(_ status: Int, code: String) -> SimulatedResponse {
        .refusal(SimulatedRefusal(status: status, code: code, message: "An injected fault."))
    }
}

extension SimulatedResponse {
    /// Replaces the answer's body; a status that allows no body becomes 200.
    fileprivate mutating func replaceBody(_ bytes: [UInt8], type: String) {
        if status == 204 { status = 200 }
        headers = [("content-type", type)]
        body = bytes
    }
}
