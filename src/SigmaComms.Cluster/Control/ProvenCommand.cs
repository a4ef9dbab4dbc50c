using SigmaComms.Consensus.Blocks;
using SigmaComms.Consensus.Commands;
using SigmaComms.Consensus.Proofs;
using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Control;

/// <summary>A command and what shows that it is in the log.</summary>
/// <param name="Command">The command.</param>
/// <param name="Proof">The proof.</param>
public sealed record ProvenCommand(Command Command, ClientProof Proof)
{
    internal static ProvenCommand? Find(Block block, FinalityProof? finality, Digest client, ulong sequence)
    {
        for (int group = 0; finality is not null && group < block.Body.Groups.Count; group++)
        {
            IReadOnlyList<Command> commands = block.Body.Groups[group].Commands;
            for (int i = 0; i < commands.Count; i++)
            {
                if (commands[i].Client == client && commands[i].Sequence == sequence)
                {
                    CommandPlace place = CommandPlace.Of(block.Body, group, i);
                    return new ProvenCommand(commands[i], new ClientProof(place, block.Header, null, finality));
                }
            }
        }

        return null;
    }
}
