using System.Text.Json;
using SigmaComms.Cluster.Control;
using SigmaComms.Consensus;
using SigmaComms.Consensus.Ledgers;
using SigmaComms.Cryptography;
using SigmaComms.Node.Web;

namespace SigmaComms.Node.Control;

/// <summary>What a node said became of a command.</summary>
/// <param name="Node">The node's name.</param>
/// <param name="Answer">What became of it.</param>
internal sealed record ControlReply(string Node, CommandAnswer Answer)
{
    /// <summary>Whether it is final, whatever it did.</summary>
    public bool IsFinal => Answer.Verdict == ControlVerdict.Final;

    /// <summary>Reads a node's answer.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static ControlReply Read(string node, JsonElement answer)
    {
        bool isRead = Enum.TryParse(StatusText.Text(answer, "verdict"), out ControlVerdict verdict)
            & Enum.TryParse(StatusText.Text(answer, "outcome"), out CommandOutcome outcome)
            & Digest.TryParse(StatusText.Text(answer, "client"), out Digest client);
        if (!isRead)
        {
            throw new FormatException($"The answer of {node} is not one to a command.");
        }

        return new ControlReply(node, new CommandAnswer(
            verdict,
            outcome,
            answer.GetProperty("reply").GetBytesFromBase64(),
            new Height(answer.GetProperty("height").GetUInt64()),
            client,
            answer.GetProperty("sequence").GetUInt64(),
            StatusText.Text(answer, "detail")));
    }
}
