namespace SigmaComms.Cluster.Disks;

/// <summary>
/// One folder on a disk: all that a node asks of storage. The boundary to the outside world; the fake of
/// tests and of the simulator breaks in every way a disk can.
/// </summary>
/// <remarks>
/// What was written is durable after <see cref="IDiskFile.Sync"/>, and names after <see cref="SyncNames"/>; before, a
/// power loss keeps any part of it. After a failed sync nothing is known of what it was to make durable, and a second
/// one would lie: whoever sees a failure stops writing. World failures are <see cref="IOException"/>.
/// </remarks>
internal interface IDisk
{
    /// <summary>The names of all files in the folder, in ordinal order.</summary>
    IReadOnlyList<string> ListNames();

    /// <summary>Makes a file with room set aside, that reads as zeros; replaces one of that name.</summary>
    /// <param name="name">A plain file name.</param>
    /// <param name="sizeBytes">Its length from now on; what is written beyond makes it longer.</param>
    IDiskFile Create(string name, long sizeBytes);

    /// <summary>Opens a file for reading and writing.</summary>
    /// <exception cref="FileNotFoundException">There is none of that name.</exception>
    IDiskFile Open(string name);

    /// <summary>Gives a file another name; replaces the file that has it.</summary>
    void Rename(string from, string to);

    /// <summary>Removes a file; nothing happens if there is none.</summary>
    void Delete(string name);

    /// <summary>Makes all names durable: files made, renamed and deleted.</summary>
    void SyncNames();

    /// <summary>Syncs two files at once; costs little more than one.</summary>
    void SyncTogether(IDiskFile first, IDiskFile second);

    /// <summary>Takes a lock that no other process gets until it is disposed.</summary>
    /// <exception cref="IOException">Somebody else has it.</exception>
    IDisposable Lock(string name);
}
