using System.Text;
using SigmaComms.Consensus.Machines;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Consensus.Tests.Replicas.Harness;

internal sealed class TestMachineState(Digest told, ValidatorSet validators, ValidatorSet? next) : IValidatorState
{
    public ValidatorSet Validators => validators;

    public ValidatorSet? NextValidators => next;

    public Digest Root { get; } = Digest.Sha256([.. told.ToArray(), .. Describe(validators), .. Describe(next)]);

    public Applied Apply(in CommandContext context, ReadOnlyMemory<byte> payload)
    {
        Digest after = Digest.Sha256([.. told.ToArray(), .. payload.Span]);
        ValidatorSet? asked = payload.Span[0] == TestMachine.Reconfigure ? Read(payload.Span[1..]) : next;
        return new Applied(new TestMachineState(after, validators, asked), after.ToArray());
    }

    public void WriteSnapshot(WireWriter writer) => writer.Digest(told);

    public IValidatorState BeginEpoch() => new TestMachineState(told, next!, null);

    private ValidatorSet Read(ReadOnlySpan<byte> pairs)
    {
        List<Validator> members = [];
        for (int i = 0; i + 1 < pairs.Length; i += 2)
        {
            members.Add(TestKeys.Validator(pairs[i], pairs[i + 1]));
        }

        return new ValidatorSet(validators.Epoch.Next, members);
    }

    private static byte[] Describe(ValidatorSet? set) => set is null ? [] : Encoding.ASCII.GetBytes(
        string.Join(',', set.Members.Select(member => $"{set.Epoch}:{member.Node}:{member.Incarnation}")));
}
