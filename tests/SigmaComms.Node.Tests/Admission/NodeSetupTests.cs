using SigmaComms.Node.Admission;
using SigmaComms.Node.Configuration;
using SigmaComms.Node.Tests.Commands;
using SigmaComms.Node.Tests.Configuration;

namespace SigmaComms.Node.Tests.Admission;

public sealed class NodeSetupTests
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    [Theory]
    [InlineData("good", null)]
    [InlineData("absent", "it has not been admitted yet")]
    [InlineData("cut", "its admission is damaged")]
    [InlineData("another node's", "another node's: n2")]
    [InlineData("old", "its admission has ended")]
    [InlineData("flipped", "not signed by this cluster's operator")]
    public async Task Each_fault_of_an_admission_has_its_own_words(string fault, string? expected)
    {
        using TemporaryFolder home = new();
        await CommandRun.OfAsync("cluster", "init", "--home", home.Path);
        SigmaHome sigma = new(home.Path);
        NodeFolder folder = sigma.Node("n1");
        byte[] admission = File.ReadAllBytes(folder.AdmissionFile);
        switch (fault)
        {
            case "absent":
                File.Delete(folder.AdmissionFile);
                break;
            case "cut":
                File.WriteAllBytes(folder.AdmissionFile, admission[..^1]);
                break;
            case "another node's":
                File.Copy(sigma.Node("n2").AdmissionFile, folder.AdmissionFile, overwrite: true);
                break;
            case "flipped":
                admission[^1] ^= 1;
                File.WriteAllBytes(folder.AdmissionFile, admission);
                break;
        }

        string? problem = NodeSetup.ProblemOf(
            folder,
            AdmissionRequestFile.Load(folder.RequestFile).PublicKey.Span,
            ClusterFile.Load(sigma.ClusterFile),
            fault == "old" ? Now.AddDays(366) : Now);

        Assert.Equal(expected is null, problem is null);
        Assert.Contains(expected ?? "", problem ?? "", StringComparison.Ordinal);
    }
}
