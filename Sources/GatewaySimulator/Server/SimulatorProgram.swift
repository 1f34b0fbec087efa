import Glibc
import LocatedYAML

/// The program, without its argument parsing.
package enum SimulatorProgram {
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
            let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let word = parts.count == 2 ? parts[1] : LoginRole.admin.rawValue
            isSuperAdmin = word == LoginClaims.superAdmin
            guard let organisation = parts.first, !organisation.isEmpty,
                let role = isSuperAdmin ? .admin : LoginRole(rawValue: word)
            else { return nil }
            self.organisation = organisation
            self.role = role
        }
    }

    /// Serves the world of a seed file until SIGINT or SIGTERM.
    ///
    /// Port 0 takes a free one. Writes the URL to the file `urlPath` once the server listens, and prints `tokenFor` as a
    /// login token first, if they are given.
    package static func run(
        seedPath: String, host: String, port: Int, urlPath: String?, servesControlPaths: Bool, tokenFor: TokenRequest?
    ) async throws {
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
            say("token \(token)")
        }
        let server = SimulatorServer(world: world, authority: authority, host: host, port: port)
        try await server.runUntilSignalled { url in
            if let urlPath, !FileBytes.write(url + "\n", to: urlPath) {
                complain("gateway-simulator: cannot write the URL to \(urlPath); check that its folder exists")
            }
            say("listening on \(url)")
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
