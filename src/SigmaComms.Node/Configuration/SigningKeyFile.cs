using System.Security.Cryptography;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Cryptography.Signatures;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Configuration;

/// <summary>
/// The 32-byte seed of an ML-DSA-65 key in a file that only its owner may read: node.key and operator.key. They are
/// not encrypted, as nodes start without a person; the disk must be trusted or encrypted.
/// </summary>
internal static class SigningKeyFile
{
    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>Makes a new key and writes its file.</summary>
    public static MlDsa65SigningKey Create(string path, IRandomSource random)
    {
        Span<byte> seed = stackalloc byte[MlDsa65.SeedSize];
        try
        {
            random.Fill(seed);
            SigmaHome.WritePrivate(path, seed);
            return new MlDsa65SigningKey(seed);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(seed);
        }
    }

    /// <summary>Reads a key.</summary>
    /// <exception cref="CommandException">There is none, others may read it, or it is damaged.</exception>
    public static MlDsa65SigningKey Load(string path)
    {
        if (!File.Exists(path))
        {
            throw new CommandException(
                ExitCode.NotFound, $"cannot read the key {path}", "there is no such file",
                    "check --home, or make the key first");
        }

        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & Others) != 0)
        {
            throw new CommandException(
                ExitCode.NotAuthorised,
                $"will not use the key {path}",
                "others than its owner may read or change it",
                $"make a new one if it may have leaked, else: chmod 600 {path}");
        }

        byte[] seed = File.ReadAllBytes(path);
        try
        {
            return seed.Length == MlDsa65.SeedSize
                ? new MlDsa65SigningKey(seed)
                : throw new CommandException(
                    ExitCode.VerificationFailed,
                    $"cannot use the key {path}",
                    $"it has {seed.Length} bytes instead of {MlDsa65.SeedSize}",
                    "restore it from a copy");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(seed);
        }
    }
}
