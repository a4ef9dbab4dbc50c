using SigmaComms.Client.Vaults;
using SigmaComms.Node.Terminal;
using SigmaComms.Node.Vaults;

namespace SigmaComms.Node.Tests.Vaults;

public sealed class VaultAddressTests
{
    [Theory]
    [InlineData("backup:/docs/a.txt", "backup", "/docs/a.txt", false)]
    [InlineData("backup:docs", "backup", "/docs", false)]
    [InlineData("backup:/docs/", "backup", "/docs", true)]
    [InlineData("backup:/", "backup", "/", true)]
    [InlineData("backup:", "backup", "/", true)]
    [InlineData("backup:/a:b", "backup", "/a:b", false)]
    public void A_name_a_colon_and_a_path_make_an_address(string text, string vault, string path, bool isFolder)
    {
        VaultAddress address = VaultAddress.Parse(text);

        Assert.Equal((vault, path, isFolder), (address.Vault, address.Path.ToString(), address.IsFolder));
    }

    [Theory]
    [InlineData("backup")]
    [InlineData(":/docs")]
    [InlineData("")]
    public void Without_a_name_and_a_colon_there_is_no_address(string text)
    {
        CommandException fault = Assert.Throws<CommandException>(() => VaultAddress.Parse(text));

        Assert.Equal(ExitCode.Usage, fault.ExitCode);
        Assert.Contains("NAME:/path", fault.Next, StringComparison.Ordinal);
    }

    [Fact]
    public void A_path_that_leads_up_is_refused()
    {
        VaultException fault = Assert.Throws<VaultException>(() => VaultAddress.Parse("backup:/docs/../etc"));

        Assert.Equal(ExitCode.Usage, VaultFaults.Explain(fault).ExitCode);
    }

    [Fact]
    public void A_name_alone_is_the_whole_vault_where_that_makes_sense()
    {
        VaultAddress address = VaultAddress.ParseOrWhole("backup");

        Assert.Equal(("backup", true), (address.Vault, address.Path.IsRoot));
    }
}
