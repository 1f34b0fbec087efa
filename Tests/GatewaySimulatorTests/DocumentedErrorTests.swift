import Core
import GatewaySimulator
import Testing

/// A call that the gateway documents: method and path below a session.
struct DocumentedCall: CustomTestStringConvertible, Sendable {
    let method: String
    let path: String
    let permission: Permission
    let needsConnection: Bool
    var body = ""

    var testDescription: String { "\(method) \(path)" }

    /// Every call about a session.
    static let all: [DocumentedCall] = {
        let group = "/groups/120363041234567890%40g.us"
        let member = "\(group)/members/447700900103%40s.whatsapp.net"
        return [
            DocumentedCall(method: "GET", path: "", permission: .manage, needsConnection: false),
            DocumentedCall(method: "GET", path: "/me", permission: .manage, needsConnection: false),
            DocumentedCall(method: "GET", path: "/groups", permission: .read, needsConnection: false),
            DocumentedCall(method: "GET", path: group, permission: .read, needsConnection: false),
            DocumentedCall(method: "GET", path: "\(group)/members", permission: .read, needsConnection: false),
            DocumentedCall(
                method: "POST", path: "\(group)/members", permission: .send, needsConnection: true,
                body: #"{"participants":["447700900104@s.whatsapp.net"]}"#),
            DocumentedCall(method: "DELETE", path: member, permission: .send, needsConnection: true),
            DocumentedCall(method: "POST", path: "\(member)/promote", permission: .send, needsConnection: true),
            DocumentedCall(method: "POST", path: "\(member)/demote", permission: .send, needsConnection: true),
            DocumentedCall(method: "GET", path: "\(group)/invite", permission: .read, needsConnection: true),
            DocumentedCall(method: "GET", path: "/contacts", permission: .read, needsConnection: false),
            DocumentedCall(
                method: "GET", path: "/contacts/check?phone=447700900104", permission: .read, needsConnection: true),
            DocumentedCall(
                method: "GET", path: "/contacts/205227043110953%40lid", permission: .read, needsConnection: false),
        ]
    }()

    var isAboutGroup: Bool { path.hasPrefix("/groups/") }
}

@Suite("Documented errors")
struct DocumentedErrorTests {
    @Test("Every call succeeds with only the permission it needs", arguments: DocumentedCall.all)
    func succeeds(call: DocumentedCall) throws {
        let sample = try SampleWorld()
        let key = ["read": "wa_reader", "send": "wa_sender", "manage": "wa_manager"][call.permission.rawValue]
        let response = sample.ask(call.method, call.path, key: key, body: call.body)
        #expect([200, 204].contains(response.status))
        #expect((response.status == 204) == response.body.isEmpty)
    }

    @Test("A missing token, an unknown key and another scheme are unauthorized", arguments: DocumentedCall.all)
    func unauthorized(call: DocumentedCall) throws {
        let sample = try SampleWorld()
        for header in ["Bearer wa_wrong", "Bearer", "Basic wa_full", "Bearer wa_full extra", ""] {
            let response = sample.world.respond(
                to: SimulatedRequest(
                    method: call.method, path: "/api/v1/sessions/\(SampleWorld.session)\(call.path)",
                    headers: [("authorization", header)], body: Array(call.body.utf8)))
            #expect(response.status == 401)
            #expect(response.errorCode == "unauthorized")
        }
        #expect(sample.ask(call.method, call.path, key: nil, body: call.body).status == 401)
    }

    @Test("A key without the permission is forbidden", arguments: DocumentedCall.all)
    func forbidden(call: DocumentedCall) throws {
        let sample = try SampleWorld()
        for (permission, key) in [
            (Permission.read, "wa_reader"), (.send, "wa_sender"), (.manage, "wa_manager"),
        ] where permission != call.permission {
            let response = sample.ask(call.method, call.path, key: key, body: call.body)
            #expect(response.status == 403)
            #expect(response.errorCode == "forbidden")
        }
        #expect(try sample.roles()[sample.member] == .member)
    }

    @Test("An unknown session and one of another organisation are both not found", arguments: DocumentedCall.all)
    func foreignSession(call: DocumentedCall) throws {
        let sample = try SampleWorld()
        let foreign = sample.ask(call.method, call.path, body: call.body, session: SampleWorld.foreignSession)
        let unknown = sample.ask(call.method, call.path, body: call.body, session: "01J9NOBODY")
        #expect(foreign.status == 404)
        #expect(foreign.errorCode == "not_found")
        #expect(foreign.body == unknown.body)
        #expect(sample.ask(call.method, call.path, key: "wa_club", body: call.body).status == 404)
    }

    @Test("An unknown or malformed group is not found", arguments: DocumentedCall.all.filter(\.isAboutGroup))
    func unknownGroup(call: DocumentedCall) throws {
        let sample = try SampleWorld()
        for group in ["120363041234567891%40g.us", "nonsense", "120363041234567890%40s.whatsapp.net"] {
            let path = call.path.replacing("120363041234567890%40g.us", with: group)
            let response = sample.ask(call.method, path, body: call.body)
            #expect(response.status == 404)
            #expect(response.errorCode == "not_found")
        }
    }

    @Test("A session that is not connected serves stored data, but no live calls", arguments: DocumentedCall.all)
    func notConnected(call: DocumentedCall) throws {
        let sample = try SampleWorld()
        let before = try sample.roles()
        for status in ["failed", "scan_qr", "WORKING", ""] {
            sample.world.setStatus(status, of: sample.sessionID)
            let response = sample.ask(call.method, call.path, body: call.body)
            #expect(response.status == (call.needsConnection ? 501 : 200))
            if call.needsConnection { #expect(response.errorCode == "not_implemented") }
        }
        #expect(try sample.roles() == before)
    }

    @Test("Changes and the invite link are forbidden if the account is not an admin", arguments: DocumentedCall.all)
    func notAnAdmin(call: DocumentedCall) throws {
        let sample = try SampleWorld()
        sample.world.setRole(.member, of: sample.own, in: sample.groupID)
        let needsAdmin = call.isAboutGroup && call.needsConnection
        let response = sample.ask(call.method, call.path, body: call.body)
        #expect((response.status == 403) == needsAdmin)
        if needsAdmin { #expect(response.errorCode == "forbidden") }
    }

    @Test("An unsupported method is refused with the allowed methods", arguments: DocumentedCall.all)
    func wrongMethod(call: DocumentedCall) throws {
        let sample = try SampleWorld()
        let response = sample.ask("PATCH", call.path, body: call.body)
        #expect(response.status == 405)
        #expect(response.errorCode == "method_not_allowed")
        #expect(try #require(response.header("allow")).contains(call.method))
    }

    @Test(
        "Unknown paths are not found",
        arguments: [
            "/api/v1", "/api/v1/", "/api/v1/session", "/api/v1/sessions/",
            "/api/v1/sessions/01J9SESSION000000000000001/x",
            "/api/v1/sessions/01J9SESSION000000000000001/groups/a/members/b/kick", "/", "", "/api/v2/sessions",
            "/api/v1/sessions//groups", "/_simulator/journal", "/_simulator/state", "/../api/v1/sessions",
        ])
    func unknownPath(path: String) throws {
        let sample = try SampleWorld()
        let response = sample.world.respond(
            to: SimulatedRequest(method: "GET", path: path, headers: [("x-api-key", "wa_full")]))
        #expect(response.status == 404)
        #expect(response.errorCode == "not_found")
    }

    @Test("Approving members is never implemented, connected or not")
    func approval() throws {
        let sample = try SampleWorld()
        #expect(sample.ask("POST", "\(sample.groupPath)/members:approve").status == 501)
        sample.world.setStatus("failed", of: sample.sessionID)
        let response = sample.ask("POST", "\(sample.groupPath)/members:approve")
        #expect(response.status == 501)
        #expect(response.errorCode == "not_implemented")
        #expect(sample.ask("POST", "\(sample.groupPath)/members:approve", key: nil).status == 401)
    }

    @Test("A broken percent escape is a validation error")
    func brokenEscape() throws {
        let sample = try SampleWorld()
        for path in ["/groups/1%4", "/groups/1%zz", "/groups/%ff", "/contacts/check?phone=%", "/contacts?q=%ff"] {
            let response = sample.ask("GET", path)
            #expect(response.status == 400)
            #expect(response.errorCode == "validation_error")
        }
    }
}
