using System.Diagnostics.CodeAnalysis;
using System.Text;
using SigmaComms.Consensus.KeyDirectory;
using SigmaComms.Cryptography;

namespace SigmaComms.Consensus.Tests.KeyDirectory;

/// <summary>Records are texts: name, account, version, anything.</summary>
internal sealed class PlainJudge : IRecordJudge
{
    public static byte[] Record(string name, int account, int version, string rest = "") =>
        Encoding.ASCII.GetBytes($"{name}|{account}|{version}|{rest}");

    public bool TryRead(ReadOnlySpan<byte> record, [NotNullWhen(true)] out RecordClaim? claim)
    {
        string[] parts = Encoding.Latin1.GetString(record).Split('|');
        bool ok = parts.Length == 4 && ulong.TryParse(parts[2], out _);
        claim = ok ? new RecordClaim(parts[0], NodeId.Of(Encoding.Latin1.GetBytes(parts[1])), ulong.Parse(parts[2]))
            : null;
        return ok;
    }
}
