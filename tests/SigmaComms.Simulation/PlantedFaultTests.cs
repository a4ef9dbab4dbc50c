using System.Globalization;
using SigmaComms.Simulation.Nodes;
using SigmaComms.Simulation.Runs;
using Xunit.Abstractions;

namespace SigmaComms.Simulation;

/// <summary>
/// A simulator that finds nothing proves nothing: faults that are planted around the code under test are found, each
/// within a few seeds and by an invariant that is about it.
/// </summary>
public sealed class PlantedFaultTests(ITestOutputHelper output)
{
    private const int SeedsMax = 120;

    /// <summary>The fault, and the invariants that are about it.</summary>
    public static TheoryData<string, string, string> Faults => new()
    {
        {
            nameof(HostFlaw.SendsBeforeSync),
            "every vote that left is durable", "an epoch begins before it is voted in"
        },
        { nameof(HostFlaw.DiskLies), "an honest disk keeps the vote", "every vote that left is durable" },
        {
            nameof(HostFlaw.ForgetsVotes),
            "an honest replica never contradicts itself", "an honest key makes no evidence"
        },
        {
            nameof(HostFlaw.FinalizesAfterNullify),
            "the core never wants what the guard refuses", "an honest replica never contradicts itself"
        },
        { nameof(HostFlaw.NotarizesAnything), "a skipped view has a nullification", "a parent is notarized" },
        {
            nameof(HostFlaw.VerifiesNothing),
            "a skipped view has a nullification", "an honest key makes no evidence"
        },
        { nameof(HostFlaw.ReadsLocally), "histories are linearizable", "" },
        { nameof(HostFlaw.RetriesAnew), "histories are linearizable", "" },
        { nameof(HostFlaw.ExecutesTwice), "one state at each height", "replies are those of one machine" },
        { nameof(HostFlaw.DropsCertificates), "an honest replica stopped", "" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_planted_fault_is_found_within_few_seeds(string fault, string invariant, string orElse)
    {
        HostFlaw flaw = Enum.Parse<HostFlaw>(fault);
        SortedDictionary<string, int> others = [];
        for (ulong seed = 1; seed <= SeedsMax; seed++)
        {
            RunResult result = Run.Play(PlanDrawing.Of(seed, flaw));
            if (result.Invariant == invariant || (orElse.Length > 0 && result.Invariant == orElse))
            {
                output.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"{fault}: seed {seed}, {result.Invariant}"));
                return;
            }

            others[result.Invariant ?? "nothing"] = others.GetValueOrDefault(result.Invariant ?? "nothing") + 1;
        }

        Assert.Fail($"{fault} was not found; instead: {string.Join(", ", others)}");
    }
}
