import Foundation

/// nginx, which answers the gateway's read calls from files.
///
/// One worker, so that the client has the other core of a small machine to itself. nginx logs the time of each request,
/// and the rates of all clients come from this log.
final class WebServer {
    /// The address, without the number of the session's groups that follows it.
    let url: String

    private let program: BackgroundProgram
    private let log: String

    /// Serves a `PlanWorld`.
    init(_ world: PlanWorld, for bench: Bench) throws {
        let folder = try bench.folder("nginx")
        log = "\(folder)/access.log"
        let port = try Self.freePort()
        url = "http://127.0.0.1:\(port)"
        try generate("\(folder)/nginx.conf", Self.configuration(folder, root: world.root, port: port))
        let nginx = try Self.find("nginx")
        program = try BackgroundProgram(
            nginx, ["-p", folder, "-e", "\(folder)/error.log", "-c", "\(folder)/nginx.conf"], in: folder, for: bench)
        try program.wait { Self.connects(to: port) }
    }

    /// Ends the server.
    func stop() { program.stop() }

    /// Clears the request log.
    func forget() throws {
        guard truncate(log, 0) == 0 else { throw Complaint("\(log) cannot be emptied.") }
    }

    /// Returns the times of the member list requests, in seconds, and the number of contact pages read.
    func requests() throws -> (rosters: [Double], contacts: Int) {
        var rosters: [Double] = []
        var contacts = 0
        for line in try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n") {
            let fields = line.split(separator: " ")
            guard fields.count == 3, fields[2] == "200", let moment = Double(fields[0]) else {
                throw Complaint("nginx did not answer 200: \(line)")
            }
            if fields[1].hasSuffix("/members") { rosters.append(moment) }
            if fields[1].contains("/contacts?") { contacts += 1 }
        }
        return (rosters.sorted(), contacts)
    }

    private static func configuration(_ folder: String, root: String, port: UInt16) -> String {
        let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map { "    \($0)_temp_path \(folder)/\($0);\n" }.joined()
        return """
            daemon off;
            \(geteuid() == 0 ? "user root;" : "")
            worker_processes 1;
            pid \(folder)/nginx.pid;
            events { worker_connections 1024; }
            http {
            \(temporary)
                log_format moments '$msec $request_uri $status';
                access_log \(folder)/access.log moments;
                default_type application/json;
                sendfile on;
                keepalive_requests 1000000000;
                open_file_cache max=20000;
                map $arg_group $jid { default none; "~^(?<digits>[0-9]+)%40g\\.us$" "$digits@g.us"; }
                map $arg_cursor $page { default 1; "~^page([0-9])$" $1; }
                server {
                    listen 127.0.0.1:\(port);
                    root \(root);
                    location ~ ^/(?<world>[a-z]+)-(?<size>[0-9]+)/api/v1/sessions/S1$ { try_files /session.json =404; }
                    location ~ ^/(?<world>[a-z]+)-(?<size>[0-9]+)/api/v1/sessions/S1/groups$ {
                        try_files /groups-$size.json =404;
                    }
                    location ~ ^/(?<world>[a-z]+)-(?<size>[0-9]+)/api/v1/sessions/S1/contacts$ {
                        try_files /contacts/$jid.$page.json =404;
                    }
                    location ~ ^/(?<world>[a-z]+)-(?<size>[0-9]+)/api/v1/sessions/S1/groups/(?<group>[^/]+)/members$ {
                        try_files /$world/$group.json =404;
                    }
                }
            }

            """
    }

    private static func find(_ name: String) throws -> String {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        let positions = (path.split(separator: ":").map(String.init) + ["/usr/sbin", "/usr/local/sbin"]).map {
            "\($0)/\(name)"
        }
        guard let found = positions.first(where: FileManager.default.isExecutableFile) else {
            throw Complaint("\(name) is not installed; `make bench` installs it.")
        }
        return found
    }

    /// Returns a port that nothing listens on.
    private static func freePort() throws -> UInt16 {
        var port: UInt16 = 0
        let isFound = withSocket(0) { socket, address, length in
            var length = length
            guard bind(socket, address, length) == 0, getsockname(socket, address, &length) == 0 else { return false }
            port = address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                UInt16(bigEndian: $0.pointee.sin_port)
            }
            return true
        }
        guard isFound else { throw Complaint("There is no free port for nginx.") }
        return port
    }

    private static func connects(to port: UInt16) -> Bool {
        withSocket(port) { socket, address, length in connect(socket, address, length) == 0 }
    }

    /// Passes a socket and a local address for it to the closure.
    private static func withSocket(
        _ port: UInt16, _ body: (Int32, UnsafeMutablePointer<sockaddr>, socklen_t) -> Bool
    ) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}
