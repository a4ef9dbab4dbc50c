using System.Diagnostics.CodeAnalysis;
using SigmaComms.Consensus.KeyDirectory;
using SigmaComms.Messaging.KeyDirectory;

namespace SigmaComms.Cluster.Control;

/// <summary>Tells the key directory of the control log what account records say.</summary>
internal sealed class AccountRecordJudge : IRecordJudge
{
    private AccountRecordJudge()
    {
    }

    /// <summary>The only one.</summary>
    public static AccountRecordJudge Instance { get; } = new();

    /// <inheritdoc/>
    public bool TryRead(ReadOnlySpan<byte> record, [NotNullWhen(true)] out RecordClaim? claim)
    {
        bool isRecord = AccountRecord.TryDecode(record, out AccountRecord? read);
        claim = isRecord ? new RecordClaim(read!.Name, read.AccountId, read.Version) : null;
        return isRecord;
    }
}
