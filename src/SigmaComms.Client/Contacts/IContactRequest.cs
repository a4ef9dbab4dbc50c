namespace SigmaComms.Client.Contacts;

/// <summary>Something that needs to know who is behind a name.</summary>
internal interface IContactRequest
{
    /// <summary>The peer's name.</summary>
    string Name { get; }

    /// <summary>It cannot be done.</summary>
    void Fail(ClientException failure);
}
