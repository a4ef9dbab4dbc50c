using SigmaComms.Consensus.Commands;
using SigmaComms.Consensus.Ledgers;
using SigmaComms.Consensus.Machines;
using SigmaComms.Consensus.Tests.Commands;
using SigmaComms.Consensus.Tests.Support;
using SigmaComms.Consensus.VaultCommands;
using SigmaComms.Cryptography;
using Xunit.Abstractions;

namespace SigmaComms.Consensus.Tests.Ledgers;

public sealed class LedgerSpeedTests(ITestOutputHelper output)
{
    private const int Clients = 128;
    private const int Blocks = 12;

    [Fact]
    public void A_block_of_a_thousand_appends_is_executed_and_its_time_is_printed()
    {
        TestSigner[] signers = [.. Enumerable.Range(0, Clients).Select(i => new TestSigner((ulong)i))];
        Digest salt = Digest.Sha256([1]);
        VaultCommandsMachine machine = new(new VaultLimits());
        ValidatorSet validators = new(new Epoch(1), [new(NodeId.Of([1]), 1, new byte[] { 1 })]);
        Ledger ledger = Ledger.Genesis(Digest.Sha256([2]), [machine], validators);
        ledger = ledger.Execute(new Epoch(1), new Height(1), 1, [.. signers.Select(signer => signer.Group(
            1, new Command(signer.Id.Value, 1, machine.Id, VaultCommand.Create(salt).Encode())))]).Ledger;
        List<double> milliseconds = [];
        for (ulong height = 2; height < 2 + Blocks; height++)
        {
            CommandGroup[] groups = [.. signers.Select((signer, i) => Group(signer, i, salt, height))];
            TimeSpan start = Environment.CpuUsage.TotalTime;
            Execution execution = ledger.Execute(new Epoch(1), new Height(height), (long)height, groups);
            _ = execution.Ledger.Root;
            milliseconds.Add((Environment.CpuUsage.TotalTime - start).TotalMilliseconds);
            ledger = execution.Ledger;

            Assert.All(execution.Results, result => Assert.Equal(CommandOutcome.Executed, result.Outcome));
            Assert.All(execution.Results, result => Assert.Equal((byte)VaultStatus.Done, result.Reply.Span[0]));
        }

        milliseconds.Sort();
        output.WriteLine($"1,000 appends of 256 B from {Clients} sessions to as many vaults, with the state root,");
        output.WriteLine($"processor ms: best {milliseconds[0]:F2}, median {milliseconds[Blocks / 2]:F2}");
    }

    // Seven or eight of each, a thousand in all.
    private static CommandGroup Group(TestSigner signer, int number, Digest salt, ulong height)
    {
        int each = number < 1_000 % Clients ? 8 : 7;
        Digest vault = VaultCommand.IdOf(signer.Id, salt);
        ulong first = (height - 2) * (ulong)each;
        return signer.Group(1, [.. Enumerable.Range(1, each).Select(i => new Command(
            signer.Id.Value,
            first + (ulong)i + 1,
            MachineIds.VaultCommands,
            VaultCommand.Append(vault, first + (ulong)i, new byte[256]).Encode()))]);
    }
}
