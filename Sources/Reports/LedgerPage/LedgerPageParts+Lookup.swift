import Mustache

// By default a template looks up values through reflection. A large ledger's page has thousands of these lines, so they
// return their values directly, which is faster.

extension ChangeLine: MustacheParent {
    func child(named name: String) -> Any? {
        switch name {
        case "mark": mark
        case "operation": operation
        case "person": person
        case "phone": phone
        case "status": status
        case "error": error
        default: nil
        }
    }
}

extension FlappingLine: MustacheParent {
    func child(named name: String) -> Any? {
        switch name {
        case "person": person
        case "phone": phone
        case "turns": turns
        default: nil
        }
    }
}

extension GroupRow: MustacheParent {
    func child(named name: String) -> Any? {
        switch name {
        case "name": self.name
        case "address": address
        case "size": size
        case "growth": growth
        case "width": width
        case "sizeTitle": sizeTitle
        case "sizeLine": sizeLine
        case "drift": drift
        case "peak": peak
        case "driftTitle": driftTitle
        case "driftBars": driftBars
        case "state": state
        case "mark": mark
        case "seen": seen
        case "error": error
        default: nil
        }
    }
}
