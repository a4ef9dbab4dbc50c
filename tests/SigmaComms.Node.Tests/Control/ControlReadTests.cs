using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using SigmaComms.Cluster.Control;
using SigmaComms.Consensus;
using SigmaComms.Consensus.Ledgers;
using SigmaComms.Consensus.Machines;
using SigmaComms.Consensus.VaultCommands;
using SigmaComms.Cryptography;
using SigmaComms.Node.Control;
using SigmaComms.Node.Terminal;
using SigmaComms.Node.Tests.Commands;
using SigmaComms.Node.Tests.Configuration;

namespace SigmaComms.Node.Tests.Control;

/// <summary>sigma control read, and what a node's door says of a vault.</summary>
public sealed class ControlReadTests
{
    private static readonly NodeId Owner = new(Digest.Sha256([1]));
    private static readonly Digest Salt = Digest.Sha256([2]);
    private static readonly Digest Vault = VaultCommand.IdOf(Owner, Salt);

    [Fact]
    public void A_vault_is_shown_with_its_count_its_head_and_its_last_entry()
    {
        ControlReading reading = Reading(
            VaultCommand.Create(Salt),
            VaultCommand.Append(Vault, 1, new byte[] { 7 }),
            VaultCommand.Append(Vault, 2, new byte[] { 8, 9 }),
            VaultCommand.Trim(Vault, 1));

        JsonElement shown = Shown(reading, Vault);

        Assert.True(shown.GetProperty("found").GetBoolean());
        Assert.Equal(42UL, shown.GetProperty("height").GetUInt64());
        Assert.Equal(3UL, shown.GetProperty("lag").GetUInt64());
        Assert.Equal(Owner.ToString(), shown.GetProperty("owner").GetString());
        Assert.Equal((1UL, 2UL), (shown.GetProperty("first").GetUInt64(), shown.GetProperty("count").GetUInt64()));
        Assert.Equal([8, 9], shown.GetProperty("last").GetBytesFromBase64());
        Assert.True(Digest.TryParse(shown.GetProperty("head").GetString(), out Digest head));
        Assert.NotEqual(default, head);
    }

    [Fact]
    public void An_empty_vault_has_no_last_entry_and_one_that_is_not_there_is_not_found()
    {
        ControlReading reading = Reading(VaultCommand.Create(Salt));

        JsonElement empty = Shown(reading, Vault);
        JsonElement absent = Shown(reading, Salt);

        Assert.Equal(0UL, empty.GetProperty("count").GetUInt64());
        Assert.False(empty.TryGetProperty("last", out _));
        Assert.False(absent.GetProperty("found").GetBoolean());
        Assert.False(absent.TryGetProperty("count", out _));
    }

    [Theory]
    [InlineData("abc", 2)]
    [InlineData("9f3c9f3c9f3c9f3c9f3c9f3c9f3c9f3c9f3c9f3c9f3c9f3c9f3c9f3c9f3c9f3c", 6)]
    public async Task An_id_that_is_none_and_a_cluster_that_does_not_run_are_told(string vault, int exitCode)
    {
        using TemporaryFolder home = new();
        await CommandRun.OfAsync("cluster", "init", "--home", home.Path);

        CommandRun run = await CommandRun.OfAsync("control", "read", vault, "--linearizable", "--home", home.Path);

        Assert.Equal((ExitCode)exitCode, run.ExitCode);
        Assert.Empty(run.Data);
    }

    private static JsonElement Shown(ControlReading reading, Digest vault)
    {
        using MemoryStream body = new();
        using (Utf8JsonWriter writer = new(body))
        {
            writer.WriteStartObject();
            ControlJson.WriteVault(writer, reading, vault);
            writer.WriteEndObject();
        }

        return JsonElement.Parse(body.ToArray());
    }

    private static ControlReading Reading(params VaultCommand[] commands)
    {
        IMachineState state = new VaultCommandsState(new VaultLimits());
        ulong sequence = 0;
        foreach (VaultCommand command in commands)
        {
            sequence++;
            CommandContext context = new(
                new Epoch(1), new Height(sequence), (long)sequence, Owner, Digest.Sha256([3]), sequence);
            Applied applied = state.Apply(context, command.Encode());
            Assert.True(VaultReply.TryDecode(applied.Reply.Span, out VaultReply reply));
            Assert.Equal(VaultStatus.Done, reply.Status);
            state = applied.State;
        }

        ValidatorSet voters = new(new Epoch(1), [new Validator(Owner, 1, new byte[1952])]);
        return new ControlReading(
            Ledger.Genesis(Digest.Sha256([4]), [new Begun(state)], voters), new Height(42), default, 0, Lag: 3);
    }

    /// <summary>Vaults that are there from the beginning.</summary>
    private sealed class Begun(IMachineState genesis) : IMachine
    {
        public ushort Id => MachineIds.VaultCommands;

        public IMachineState Genesis => genesis;

        public bool TryRestore(ReadOnlyMemory<byte> snapshot, [NotNullWhen(true)] out IMachineState? state)
        {
            state = null;
            return false;
        }
    }
}
