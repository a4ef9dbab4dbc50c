using System.Globalization;
using SigmaComms.Consensus.Wire;

namespace SigmaComms.Simulation.Runs;

/// <summary>Bytes that a cluster sent for its decisions.</summary>
/// <param name="Validators">How many.</param>
/// <param name="Clients">How many asked at once.</param>
/// <param name="Decisions">Blocks that became final.</param>
/// <param name="Bytes">Of each kind of message, of all nodes.</param>
/// <param name="VoteBytesOfMost">Bytes of votes of the node that sent most.</param>
/// <param name="BytesOfMost">Bytes of all messages of the node that sent most.</param>
internal sealed record TrafficFigures(
    int Validators, int Clients, ulong Decisions, IReadOnlyDictionary<MessageId, long> Bytes, long VoteBytesOfMost,
    long BytesOfMost)
{
    public double VotesPerDecision => Bytes.GetValueOrDefault(MessageId.VoteCast) / (double)Decisions;

    public double VotesOfMostPerDecision => VoteBytesOfMost / (double)Decisions;

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Validators} validators, {Clients} clients, {Decisions} decisions: votes {VotesPerDecision / 1e6:F2} MB per "
        + $"decision, at most {VotesOfMostPerDecision / 1e3:F0} kB of a node; all messages "
        + $"{Bytes.Values.Sum() / 1e6 / Decisions:F2} MB, at most {BytesOfMost / 1e3 / Decisions:F0} kB of a node; ")
        + string.Join(", ", Bytes.OrderByDescending(pair => pair.Value).Select(pair => string.Create(
            CultureInfo.InvariantCulture, $"{pair.Key} {pair.Value / 1e3 / Decisions:F1} kB")));
}
