namespace SigmaComms.Node.Demo;

/// <summary>Compares two trees byte by byte, with modes and links.</summary>
internal static class TreeComparison
{
    private const int BlockBytes = 1 << 20;

    /// <summary>The first difference, for people; null if there is none.</summary>
    /// <param name="left">A folder.</param>
    /// <param name="right">Another one.</param>
    public static string? FirstDifference(string left, string right)
    {
        string[] names = NamesOf(left);
        string[] others = NamesOf(right);
        if (!names.SequenceEqual(others))
        {
            string odd = names.Except(others).Concat(others.Except(names)).First();
            return $"{odd} is in one of them only";
        }

        return names.Select(name => DifferenceOf(name, left, right)).FirstOrDefault(text => text is not null);
    }

    private static string[] NamesOf(string folder) =>
    [
        .. Directory.EnumerateFileSystemEntries(folder, "*", new EnumerationOptions
        {
            RecurseSubdirectories = true,
            AttributesToSkip = FileAttributes.None,
        }).Select(path => Path.GetRelativePath(folder, path)).Order(StringComparer.Ordinal),
    ];

    private static string? DifferenceOf(string name, string left, string right)
    {
        FileInfo one = new(Path.Combine(left, name));
        FileInfo other = new(Path.Combine(right, name));
        if (one.LinkTarget != other.LinkTarget)
        {
            return $"{name} points elsewhere";
        }

        if (one.LinkTarget is not null)
        {
            return null;
        }

        if (!OperatingSystem.IsWindows() && one.UnixFileMode != other.UnixFileMode)
        {
            return $"{name} has another mode";
        }

        return Directory.Exists(one.FullName) || AreEqual(one, other) ? null : $"{name} has other bytes";
    }

    private static bool AreEqual(FileInfo one, FileInfo other)
    {
        if (!other.Exists || one.Length != other.Length)
        {
            return false;
        }

        using FileStream first = one.OpenRead();
        using FileStream second = other.OpenRead();
        byte[] a = new byte[BlockBytes];
        byte[] b = new byte[BlockBytes];
        while (true)
        {
            int read = first.ReadAtLeast(a, a.Length, throwOnEndOfStream: false);
            int same = second.ReadAtLeast(b, b.Length, throwOnEndOfStream: false);
            if (read != same || !a.AsSpan(0, read).SequenceEqual(b.AsSpan(0, same)))
            {
                return false;
            }

            if (read < a.Length)
            {
                return true;
            }
        }
    }
}
