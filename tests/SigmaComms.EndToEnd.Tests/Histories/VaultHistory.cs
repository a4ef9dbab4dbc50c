using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using SigmaComms.Consensus.VaultCommands;
using SigmaComms.Cryptography;
using SigmaComms.EndToEnd.Tests.Control;
using SigmaComms.Simulation.Linearizability;

namespace SigmaComms.EndToEnd.Tests.Histories;

/// <summary>
/// A vault in the control log, and what clients asked of it and were told, with the times of one clock. Safe to use
/// from many tasks; the operations of one client must not overlap.
/// </summary>
internal sealed class VaultHistory
{
    private const int SecondsToAsk = 100;

    private readonly ConcurrentQueue<Operation<VaultCall, VaultSeen>> _operations = [];

    private VaultHistory(Digest vault) => Vault = vault;

    public Digest Vault { get; }

    public IReadOnlyList<Operation<VaultCall, VaultSeen>> Operations => [.. _operations];

    /// <summary>Operations that were answered.</summary>
    public int AnswerCount => _operations.Count(operation => operation.Returned is not null);

    /// <summary>Makes a vault that every node of the cluster may write to; the first one owns it.</summary>
    public static async Task<VaultHistory> BeginAsync(ControlWatch watch)
    {
        string owner = ControlWatch.All[0];
        Digest salt = Digest.Sha256(Guid.NewGuid().ToByteArray());
        VaultHistory history = new(VaultCommand.IdOf(watch.IdOf(owner), salt));
        VaultCommand[] commands =
        [
            VaultCommand.Create(salt),
            .. ControlWatch.All.Skip(1).Select(node => VaultCommand.AddWriter(history.Vault, watch.IdOf(node))),
        ];
        foreach (VaultCommand command in commands)
        {
            (VaultReply? reply, _) = await watch[owner].OrderAsync(command, SecondsToAsk);
            Assert.Equal(VaultStatus.Done, reply?.Status);
        }

        return history;
    }

    /// <summary>Appends an entry through a node that may write.</summary>
    /// <returns>What the client is told; null if nothing.</returns>
    public Task<VaultSeen?> AppendAsync(ControlSocket node, int client, VaultCall call, int seconds = SecondsToAsk) =>
        RecordAsync(client, call, async () =>
        {
            byte[] entry = new byte[sizeof(ulong)];
            BinaryPrimitives.WriteUInt64BigEndian(entry, call.Entry);
            (VaultReply? reply, bool isAsked) =
                await node.OrderAsync(VaultCommand.Append(Vault, call.Number, entry), seconds);
            return (reply is { } said ? new VaultSeen(said.Status, said.Number) : null, isAsked);
        });

    /// <summary>Reads so that every write is seen that was final before.</summary>
    public Task<VaultSeen?> ReadAsync(ControlSocket node, int client, int seconds = SecondsToAsk) =>
        RecordAsync(client, VaultCall.Read, async () => (SeenIn(await node.VaultNowAsync(Vault, seconds)), false));

    /// <summary>Reads what a node knows.</summary>
    public Task<VaultSeen?> ReadLocallyAsync(ControlSocket node, int client) =>
        RecordAsync(client, VaultCall.Read, async () => (SeenIn(await node.VaultAsync(Vault)), false));

    /// <summary>Whether one machine that did one thing at a time could have answered so.</summary>
    public static Verdict Check(IReadOnlyList<Operation<VaultCall, VaultSeen>> operations) =>
        new LinearizabilityChecker<VaultModel, VaultCall, VaultSeen>(default, VaultModel.Apply).Check(operations);

    /// <summary>The history for people, in the order of its calls.</summary>
    public override string ToString() => string.Join('\n', _operations.OrderBy(operation => operation.Invoked).Select(
        operation => string.Create(
            CultureInfo.InvariantCulture,
            $"{operation.Invoked}-{operation.Returned} {operation.Client}: {operation.Input} {operation.Output}")));

    public static VaultSeen? SeenIn(JsonElement? answer)
    {
        if (answer is not { } said || !said.GetProperty("found").GetBoolean())
        {
            return null;
        }

        ulong last = said.TryGetProperty("last", out JsonElement entry)
            ? BinaryPrimitives.ReadUInt64BigEndian(entry.GetBytesFromBase64())
            : 0;
        return new VaultSeen(VaultStatus.Done, said.GetProperty("count").GetUInt64(), last);
    }

    // A read that was not answered binds nobody, nor does what nobody was asked; else an append may still happen.
    private async Task<VaultSeen?> RecordAsync(
        int client, VaultCall call, Func<Task<(VaultSeen? Seen, bool MayHappen)>> ask)
    {
        long invoked = TimeProvider.System.GetTimestamp();
        (VaultSeen? seen, bool mayHappen) = await ask();
        long returned = TimeProvider.System.GetTimestamp();
        if (seen is not null || mayHappen)
        {
            _operations.Enqueue(new(client, call, invoked, seen, seen is null ? null : returned));
        }

        return seen;
    }
}
