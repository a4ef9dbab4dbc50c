using SigmaComms.Cluster.Control;
using SigmaComms.Consensus.KeyDirectory;
using SigmaComms.Consensus.Machines;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.KeyDirectory;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Transparency;

/// <summary>
/// Has account records ordered in the control log, for clients that are linked to this node. What the log says of a
/// name is final; the nodes' own directory only serves what came first.
/// </summary>
internal sealed class LogPublisher(ControlLog log)
{
    /// <summary>How long a client waits for the log: 5 s, half of what it waits for an answer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Orders a record unless the log has it.</summary>
    /// <param name="record">The record; its signature was verified.</param>
    /// <returns>Done once it is final; NotInLog while it cannot be.</returns>
    public async ValueTask<LinkMessage> PublishAsync(AccountRecord record)
    {
        if (log.Read().Ledger.StateOf(MachineIds.KeyDirectory) is KeyDirectoryState known
            && known.Index.Find(record.Name)?.Record == Digest.Sha256(record.Encoded.Span))
        {
            return new Done();
        }

        CommandAnswer answer = await log.SubmitAsync(
            MachineIds.KeyDirectory, KeyDirectoryState.EncodePublish(record.Encoded.Span), Patience,
            CancellationToken.None);
        if (!answer.IsExecuted || !DirectoryReply.TryDecode(answer.Reply.Span, out DirectoryReply reply))
        {
            string why = answer.Detail.Length > 0 ? answer.Detail : $"{answer.Outcome}";
            return new Refused(
                RefusalReason.NotInLog, $"the record of {record.Name} is not yet in the control log: {why}");
        }

        return reply.Status switch
        {
            DirectoryStatus.Published or DirectoryStatus.Unchanged => new Done(),
            DirectoryStatus.NameTaken => new Refused(
                RefusalReason.NameTaken, $"the control log has the name {record.Name} under another account key"),
            DirectoryStatus.Outdated => new Refused(
                RefusalReason.StaleVersion,
                $"the control log has version {reply.Version} of {record.Name}, not this record of version "
                    + $"{record.Version}"),
            DirectoryStatus.Full => new Refused(
                RefusalReason.NotInLog,
                $"the control log has no room for the record of {record.Name}: this node's share, or all, is used up"),
            _ => new Refused(RefusalReason.BadSignature, $"the control log does not take the record: {reply.Status}"),
        };
    }
}
