extension WorldState {
    /// Serves a request as far as a fault allows, and alters the answer; without a fault, serves it unchanged.
    mutating func faulted(_ request: inout ServedRequest, by fault: Fault?) -> SimulatedResponse {
        writer = JSONWriter(omitsNulls: behaviour.omitsNulls)
        endless = nil
        switch fault {
        case .status(let status, let code, let retryAfter):
            var response = Self.faultyAnswer(status, code: code)
            if let retryAfter { response.headers.append(("retry-after", retryAfter.text(at: request.now))) }
            return response
        case .redirect(let location): return SimulatedResponse(status: 307, headers: [("location", location)])
        // Only the journal shows the status 0; nobody receives it.
        case .reset(afterEffect: false): return SimulatedResponse(status: 0, delivery: .reset)
        case .hang(afterEffect: false): return SimulatedResponse(status: 0, delivery: .never)
        case .change(let changes, let onlyFirst):
            writer.replacements = Dictionary(changes.map { ($0.field, $0.json) }, uniquingKeysWith: { $1 })
            writer.replacesOnlyFirst = onlyFirst
        case .endlessPages(let pages):
            let list = request.target.segments?.last ?? ""
            endless = (pages, PageCursor(list: list, offset: Self.beyondEveryList + request.sequence))
            if pages == .repeated { request.target.parameters?.removeAll { $0.name == "cursor" } }
        default: break
        }
        var response = answer(&request)
        switch fault {
        case .statusAfterEffect(let status, let code): return Self.faultyAnswer(status, code: code)
        case .delay(let milliseconds): response.delayMilliseconds = milliseconds
        case .garbage(let text): response.replaceBody(Array(text.utf8), type: "text/html; charset=utf-8")
        case .garbageBytes(let bytes): response.replaceBody(bytes, type: SimulatedResponse.jsonType)
        case .gzipBomb(let megabytes):
            response.replaceBody(response.body, type: SimulatedResponse.jsonType)
            response.headers.append(("content-encoding", "gzip"))
            response.delivery = .oversized(megabytes: max(0, megabytes))
        case .reset: return SimulatedResponse(status: response.status, delivery: .reset)
        case .hang: return SimulatedResponse(status: response.status, delivery: .never)
        case .truncate(let bytes): response.delivery = response.body.isEmpty ? .reset : .cut(afterBytes: max(0, bytes))
        case .drip(let milliseconds): response.delivery = .drip(pauseMilliseconds: milliseconds)
        case .status, .redirect, .change, .endlessPages, nil: break
        }
        return response
    }

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
