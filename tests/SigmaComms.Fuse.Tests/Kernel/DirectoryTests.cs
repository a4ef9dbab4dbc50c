using System.Globalization;
using static SigmaComms.Fuse.Tests.Kernel.Numbers;

namespace SigmaComms.Fuse.Tests.Kernel;

/// <summary>Listings, by the system calls of other processes.</summary>
public sealed class DirectoryTests
{
    private const int Count = 10_000;

    [FuseFact]
    public async Task Ten_thousand_names_are_listed_once_while_others_come_and_go()
    {
        await using var mount = new MountedMemory();
        await using var reader = new Probe();
        await using var writer = new Probe();
        await writer.CallAsync("makemany", mount["stays"], 0, Count);
        await writer.CallAsync("makemany", mount["goes"], 0, 1000);
        long directory = await reader.NumberAsync("open", mount.Folder, DirectoryOnly, 0);
        List<string> seen = [];

        for (int round = 0; ; round++)
        {
            string part = await reader.CallAsync("list", directory, 1);
            if (part.Length == 0)
            {
                break;
            }

            seen.AddRange(part.Split('/', StringSplitOptions.RemoveEmptyEntries));

            // Not for ever: what is added behind the reader is listed too.
            if (round < 20)
            {
                await writer.CallAsync("makemany", mount["comes"], round * 10, 10);
                await writer.CallAsync("removemany", mount["goes"], round * 10, 10);
            }
        }

        await reader.CallAsync("close", directory);

        IEnumerable<string> expected =
            Enumerable.Range(0, Count).Select(i => "stays" + i.ToString(CultureInfo.InvariantCulture));
        Assert.Equal(expected.Order(), seen.Where(n => n.StartsWith("stays", StringComparison.Ordinal)).Order());
        Assert.Equal(seen.Count, seen.Distinct().Count());
        Assert.Contains(".", seen);
        Assert.Contains("..", seen);
    }

    [FuseFact]
    public async Task Going_back_to_a_place_in_a_listing_goes_on_from_there()
    {
        await using var mount = new MountedMemory();
        await using var probe = new Probe();
        await probe.CallAsync("makemany", mount["f"], 0, 3000);
        long directory = await probe.NumberAsync("open", mount.Folder, DirectoryOnly, 0);

        await probe.CallAsync("list", directory, 1);
        long place = await probe.NumberAsync("lseek", directory, 0, 1);
        string rest = await probe.CallAsync("list", directory, 0);
        await probe.CallAsync("lseek", directory, place, 0);
        string again = await probe.CallAsync("list", directory, 0);
        await probe.CallAsync("lseek", directory, 0, 0);
        string all = await probe.CallAsync("list", directory, 0);
        await probe.CallAsync("close", directory);

        Assert.NotEqual("", rest);
        Assert.Equal(rest, again);
        Assert.Equal(3002, all.Count(c => c == '/'));
        Assert.EndsWith(rest, all, StringComparison.Ordinal);
    }
}
