using System.Runtime.CompilerServices;
using SigmaComms.Cluster.Control.Guards;
using SigmaComms.Cluster.Control.WriteAhead;
using SigmaComms.Consensus;
using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Tests.Control.Guards;

/// <summary>
/// The bytes of docs/formats/control-log-guard.md; the golden file was made by another program from that text.
/// </summary>
public sealed class GoldenGuardTests
{
    private static readonly Digest A = Digest.Sha256("a"u8);
    private static readonly Digest B = Digest.Sha256("b"u8);

    [Fact]
    public void Slots_are_written_as_in_the_golden_file_and_read_back()
    {
        foreach (string line in File.ReadAllLines(GoldenPath()))
        {
            string[] parts = line.Split(' ');
            byte[] used = Convert.FromHexString(parts[1]);
            byte[] hash = Convert.FromHexString(parts[2]);
            byte[] expected = new byte[GuardSlot.SizeBytes];
            used.CopyTo(expected, 0);
            hash.CopyTo(expected, GuardSlot.SizeBytes - hash.Length);
            int offset = used[15] % 2 * GuardSlot.SizeBytes;

            bool isRead = GuardSlot.TryDecode(expected, offset, out GuardMemory? memory);

            Assert.True(isRead);
            Assert.Equal(expected, GuardSlot.Encode(memory!));
            Assert.Equal(5UL, memory!.Epoch.Value);
            Assert.Equal(2U, memory.Incarnation);
            Assert.Equal(used[15] == 4, memory.HasRenounced);
            Assert.Equal(new View(6), memory.Floor);
            Assert.Equal(used[15] - 1UL, memory.LogSynced.Sequence);
            Assert.Equal(used[15], memory.LogSynced.Record);
            Assert.Equal(
                [new ViewVotes(new View(7), 14, A, B, default), new ViewVotes(new View(8), 16, default, default, B)],
                memory.Views);
        }
    }

    [Fact]
    public void A_slot_in_the_place_of_the_other_is_not_read()
    {
        GuardMemory memory = new(3, A, new Epoch(1), 1, false, default, WalPosition.Start, []);

        byte[] slot = GuardSlot.Encode(memory);

        Assert.True(GuardSlot.TryDecode(slot, GuardSlot.SizeBytes, out _));
        Assert.False(GuardSlot.TryDecode(slot, 0, out _));
    }

    private static string GoldenPath([CallerFilePath] string source = "") =>
        Path.Combine(Path.GetDirectoryName(source)!, "golden-guard.txt");
}
