using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Tests.Terminal;

public sealed class TextTableTests
{
    [Fact]
    public void A_cell_from_elsewhere_neither_steers_the_terminal_nor_poses_as_another_row()
    {
        TextTable table = new("node", "state");
        table.Row("n1\u001b[2J\u001b]0;title\u0007", "up\nn2 down");

        string shown = table.Render(color: false);

        Assert.DoesNotContain('\u001b', shown);
        Assert.DoesNotContain('\u0007', shown);
        Assert.Contains("up n2 down", shown, StringComparison.Ordinal);
        Assert.Equal(3, shown.Split('\n').Length);
    }
}
