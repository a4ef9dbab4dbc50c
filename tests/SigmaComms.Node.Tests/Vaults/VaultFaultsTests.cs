using SigmaComms.Client.Vaults;
using SigmaComms.Node.Commands;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Tests.Vaults;

public sealed class VaultFaultsTests
{
    [Theory]
    [InlineData(VaultFailure.UnknownVault, 3)]
    [InlineData(VaultFailure.NoSlot, 4)]
    [InlineData(VaultFailure.NotAllowed, 4)]
    [InlineData(VaultFailure.NotVerified, 4)]
    [InlineData(VaultFailure.TurnedOut, 4)]
    [InlineData(VaultFailure.WrongSecret, 5)]
    [InlineData(VaultFailure.LogFault, 5)]
    [InlineData(VaultFailure.Damaged, 5)]
    [InlineData(VaultFailure.Unavailable, 6)]
    [InlineData(VaultFailure.NeedsFragments, 6)]
    [InlineData(VaultFailure.BadPath, 2)]
    [InlineData(VaultFailure.Disk, 1)]
    public void Every_failure_has_its_exit_code_and_the_words_of_the_vault(VaultFailure reason, int exitCode)
    {
        CommandException told = Faults.Explain(new VaultException(reason, "/a: needs 1 more fragment of stripe 5."));

        Assert.Equal((ExitCode)exitCode, told.ExitCode);
        Assert.Contains("needs 1 more fragment", told.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void No_failure_is_without_advice()
    {
        Assert.All(Enum.GetValues<VaultFailure>(), reason =>
        {
            CommandException told = Faults.Explain(new VaultException(reason, "why"));

            Assert.NotEqual(ExitCode.Ok, told.ExitCode);
            Assert.NotEmpty(told.What);
            Assert.NotEmpty(told.Next);
        });
    }
}
