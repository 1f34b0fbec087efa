import Membership

extension WorldState {
    /// Serves the paths below `/_simulator/`, which are no part of the gateway's contract.
    mutating func answerControl(_ request: SimulatedRequest, now: Timestamp) -> SimulatedResponse {
        let path = request.path.prefix { $0 != "?" }
        switch (request.method, path) {
        case ("GET", "/_simulator/journal"): return .json(journalText())
        case ("DELETE", "/_simulator/journal"):
            journal.clear()
            return .done
        case ("GET", "/_simulator/state"): return .json(stateText())
        case ("POST", "/_simulator/faults"): return addFaults(request.body)
        case ("DELETE", "/_simulator/faults"):
            faults = FaultBook()
            return .done
        case (_, "/_simulator/faults"): return .refusal(.wrongMethod(allowed: "POST, DELETE"))
        case (_, "/_simulator/journal"): return .refusal(.wrongMethod(allowed: "GET, DELETE"))
        case (_, "/_simulator/state"): return .refusal(.wrongMethod(allowed: "GET"))
        default: return .refusal(.notFound("Path"))
        }
    }

    /// Takes a list of rules as a seed has them under `faults`; all of them or none.
    private mutating func addFaults(_ body: [UInt8]) -> SimulatedResponse {
        do {
            for rule in try FaultRule.readList(body, file: "body") { faults.add(rule) }
            return .done
        } catch {
            return .refusal(.invalid(error.description))
        }
    }

    private func journalText() -> JSONWriter {
        var writer = JSONWriter()
        writer.object { writer in
            writer.key("entries")
            writer.array { writer in
                for entry in journal.entries { Self.write(entry, to: &writer) }
            }
        }
        return writer
    }

    private static func write(_ entry: JournalEntry, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("sequence", Int64(entry.sequence))
            writer.field("time", entry.time.iso8601)
            writer.field("method", entry.method)
            writer.field("path", entry.path)
            writer.field("caller", entry.caller)
            writer.field("body", entry.body)
            writer.field("status", Int64(entry.status))
            writer.field("faulty", entry.isFaulty)
            writer.key("effects")
            writer.array { writer in
                for effect in entry.effects {
                    writer.object { writer in
                        writer.field("group", effect.group.jid)
                        writer.field("phone", effect.phone.e164)
                        writer.field("lid", effect.lid?.description)
                        writer.field("outcome", effect.outcome.rawValue)
                    }
                }
            }
        }
    }

    private func stateText() -> JSONWriter {
        var writer = JSONWriter()
        writer.object { writer in
            writer.key("groups")
            writer.array { writer in
                for group in groups.keys.sorted().compactMap({ trueGroup($0) }) {
                    writer.object { writer in
                        writer.field("group", group.id.jid)
                        writer.field("subject", groups[group.id]?.subject)
                        writer.field("creator", group.creator?.e164)
                        writer.key("members")
                        writer.array { writer in
                            for member in group.members {
                                writer.object { writer in
                                    writer.field("phone", member.phone.e164)
                                    writer.field("lid", member.lid.description)
                                    writer.field("role", member.role.rawValue)
                                }
                            }
                        }
                    }
                }
            }
        }
        return writer
    }
}
