import Glibc
import LocatedYAML

/// The program, without its argument parsing.
package struct SimulatorProgram: Sendable {
    /// The seed file.
    package var seedPath: String
    /// The address to listen on.
    package var host: String
    /// The port; 0 takes a free one.
    package var port: Int
    /// Where to write the URL once the server listens; nil writes none.
    package var urlPath: String?
    /// True to serve the control paths.
    package var servesControlPaths: Bool
    /// The organisation and role of the login token to print; nil prints none.
    package var tokenFor: TokenRequest?

    /// The organisation and role of a login token to print.
    package struct TokenRequest: Hashable, Sendable {
        /// The organisation's id.
        package let organisation: String
        /// The role in it.
        package let role: LoginRole
        /// Whether it is for a super_admin of the whole platform.
        package let isSuperAdmin: Bool

        /// Parses `ORGANISATION` or `ORGANISATION:ROLE`; nil for an empty name or an unknown role.
        ///
        /// The role `super_admin` is an admin who is also super_admin of the whole platform.
        package init?(_ text: String) {
            let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard let organisation = parts.first, !organisation.isEmpty else { return nil }
            self.organisation = String(organisation)
            isSuperAdmin = parts.count == 2 && parts[1] == LoginClaims.superAdmin
            guard parts.count == 2, !isSuperAdmin else {
                role = .admin
                return
            }
            guard let role = LoginRole(rawValue: String(parts[1])) else { return nil }
            self.role = role
        }
    }

    /// Describes a run of the program.
    package init(
        seedPath: String, host: String, port: Int, urlPath: String?, servesControlPaths: Bool, tokenFor: TokenRequest?
    ) {
        self.seedPath = seedPath
        self.host = host
        self.port = port
        self.urlPath = urlPath
        self.servesControlPaths = servesControlPaths
        self.tokenFor = tokenFor
    }

    /// Serves the seed's world until SIGINT or SIGTERM.
    package func run() async throws {
        guard let bytes = FileBytes.read(seedPath) else { throw SimulatorProgramError.unreadable(path: seedPath) }
        let seed = try WorldSeed.read(bytes, file: seedPath)
        let world = try SimulatedWorld(seed, servesControlPaths: servesControlPaths)
        let authority = try await LoginAuthority()
        if let tokenFor {
            guard seed.organisations.contains(where: { $0.id == tokenFor.organisation }) else {
                throw SimulatorProgramError.unknownOrganisation(
                    tokenFor.organisation, known: seed.organisations.map(\.id))
            }
            let token = try await authority.token(
                organisation: tokenFor.organisation, role: tokenFor.role, subject: "print-token",
                lifetime: .seconds(30 * 86_400), isSuperAdmin: tokenFor.isSuperAdmin)
            Self.say("token \(token)")
        }
        let server = SimulatorServer(world: world, authority: authority, host: host, port: port)
        let urlPath = urlPath
        try await server.runUntilSignalled { url in
            if let urlPath, !FileBytes.write(url + "\n", to: urlPath) {
                Self.complain("gateway-simulator: cannot write the URL to \(urlPath); check that its folder exists")
            }
            Self.say("listening on \(url)")
        }
    }

    /// Prints one line to standard error, with control characters escaped.
    package static func complain(_ line: String) {
        let bytes = Array((visible(line) + "\n").utf8)
        _ = write(STDERR_FILENO, bytes, bytes.count)
    }

    /// Prints one line to standard output and flushes it, also into a pipe.
    private static func say(_ line: String) {
        print(line)
        fflush(nil)
    }
}

/// Why the program did not serve.
package enum SimulatorProgramError: Error, Equatable, Sendable {
    /// The seed file is missing or cannot be read.
    case unreadable(path: String)
    /// A token was requested for an organisation that the seed does not have.
    case unknownOrganisation(String, known: [String])
}

extension SimulatorProgramError: CustomStringConvertible {
    /// One sentence.
    package var description: String {
        switch self {
        case .unreadable(let path):
            "the seed file \(path) cannot be read; check its path and that it is a file you may read"
        case .unknownOrganisation(let name, let known):
            "the seed has no organisation '\(name)'; it has \(known.joined(separator: ", "))"
        }
    }
}

/// Reads and writes whole small files.
enum FileBytes {
    /// Returns the bytes of a file; nil if it cannot be read.
    static func read(_ path: String) -> [UInt8]? {
        guard let file = fopen(path, "rb") else { return nil }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = fread(&chunk, 1, chunk.count, file)
            guard count > 0 else { break }
            bytes.append(contentsOf: chunk[..<count])
        }
        return ferror(file) == 0 ? bytes : nil
    }

    /// Writes a text to a temporary file and renames it, so nobody reads half of it.
    static func write(_ text: String, to path: String) -> Bool {
        let partial = path + ".partial"
        guard let file = fopen(partial, "wb") else { return false }
        let written = fputs(text, file) >= 0
        guard fclose(file) == 0, written else { return false }
        return rename(partial, path) == 0
    }
}
